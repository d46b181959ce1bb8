"""Where rows go: one database target, its tables, and the merge that fills them.

`base` what a target promises · `values` what crosses its border

`columns` how each kind is held · `operational` the engine's own fields · `tables` and `view` what
is created · `ddl` the statements · `survey` what is there

`dialect` what differs between databases · `sqlite` and `postgresql` the two that come along ·
`target` and `session` all that does not differ · `wire` one connection · `commit` what became of it

`staging` → `duplicates`, `currencies` → `merge_loan`, `merge_status`, `merge_derived` → `verify`:
the steps of a load · `scratch` and `work` what they share · `changes` corrections · `origin` which
delivery a loan's fact came from · `ledger` runs and deliveries

`state` the canonical hash · `documents`, `dictionary`, `diagram` the files of schema/
"""
