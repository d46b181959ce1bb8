"""A workspace to try things on: synthetic tapes of four platforms, twelve rows of them bad.

`workspace` writes it and says what to run · `lendingclub`, `prosper` tapes in the layouts of the
built-in configs · `harborlend` an invented platform with its own config · `planted` its bad rows ·
`nordkapital` a tape that no config knows · `book`, `life` the loans behind all of them: what they
are and what becomes of them · `dice` chance that repeats · `delimited` cells and quotes.
"""

from loan_etl_tui.demo.workspace import DemoPlan, DemoRun, is_demo, plan_of, write_workspace

__all__ = ["DemoPlan", "DemoRun", "is_demo", "plan_of", "write_workspace"]
