"""The whole path: one feed's new deliveries into one database, and what happened.

`run` the path · `options` what a call may say · `layout` the file's header against the config ·
`record_date` which date its rows describe · `delivery` one file in one transaction · `tally` what
is counted on the way · `archive` the kept tapes · `preview` a look without a database.
"""

from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.preview import Preview, preview
from loan_etl_tui.pipeline.run import run

__all__ = ["Preview", "RunOptions", "preview", "run"]
