"""`loan-etl config-schema`: what a pipeline config may say, for editors and other programs."""

from __future__ import annotations

import json
import sys

from loan_etl_tui.cli import options as say
from loan_etl_tui.model.errors import Exit

EXAMPLES = say.examples("loan-etl config-schema > pipeline.schema.json")


def config_schema() -> Exit:
    """Print the JSON Schema of a pipeline config.

    Editors complete and check a config by it: `init` puts it into the workspace, and the first
    line of a built-in config points there.
    """
    sys.stdout.write(as_text())
    return Exit.OK


def as_text() -> str:
    """Write the JSON Schema as the text of a file."""
    from loan_etl_tui.config.json_schema import pipeline_schema

    return json.dumps(pipeline_schema(), indent=2, ensure_ascii=False) + "\n"
