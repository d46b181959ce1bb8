"""The vocabulary every part of the path speaks, in the standard library only.

`loan` the fields of the two tables · `issues` every finding's code and words · `errors` what ends
a run and with which exit code · `events` what a run tells while it goes · `frames` the same fields
as Arrow schemas (the one module here that imports pyarrow).
"""
