"""Where rows go: one database target, its tables, and the merge that fills them.

`base` what a target promises · `values` what crosses its border · `columns` how each kind is held ·
`operational` and `tables` the tables · `view` loan_panel · `dialect` what differs between databases ·
`target` and `session` the promises kept once for all of them · `staging` `duplicates` `currencies`
`merge_loan` `merge_status` `merge_derived` `verify` the steps of a load · `origin` which delivery a
loan's fact came from · `ledger` runs and deliveries · `failure` `commit` what goes wrong ·
`sqlite` `postgresql` the two targets · `state` the canonical hash · `documents` DDL, dictionary and
diagram.
"""
