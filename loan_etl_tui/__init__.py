"""loan-etl: loan tapes from any platform into two tables, `loan` and `status`."""

__version__ = "0.1.0"
