"""Lets `python -m loan_etl_tui` do what `loan-etl` does."""

import sys

from loan_etl_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
