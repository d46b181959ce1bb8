"""What must hold before anything is loaded: pure rules over whole columns.

`view` the rows as exact integers · `finding` what a rule reports, and its words · `cells` single
cells (C-) · `rows` amounts, statuses and dates of one row (V-, X-BAL; by subject in `rows_…`) ·
`schedule` the annuity behind them · `columns` medians and shares of whole columns (F-) ·
`histogram` how a column is distributed · `countries` the ISO list. What each code means stands in
`model.issues`.
"""
