"""The command line: flags in, stdout, stderr and exit code out.

`entry` start and end of the process · `app` the commands · one module per command · `options`
every option once · `selection` which pipelines, in which order · `headless` runs without a screen ·
`worker` signals · `progress`, `talk`, `logfile`, `crash` what stderr and the log say · `streams`,
`table`, `safe` what stdout looks like. Modules import the engine inside their commands only, so
that `--help` stays quick.
"""

from loan_etl_tui.cli.entry import main

__all__ = ["main"]
