"""The part of a config that decides what a delivery becomes, as one hash."""

from __future__ import annotations

import hashlib
import json

from loan_etl_tui.config.models import PipelineConfig

# Where the files are found and kept; it changes nothing of what they become.
_BESIDE_THE_POINT = ("path", "pick", "archive", "if_missing")


def config_sha256(config: PipelineConfig) -> str:
    """Hash what a config does to a delivery, after `--set` and options.

    The same delivery under the same hash gives the same rows, so it need not be loaded again.
    Over `platform`, `source` (without path, pick, archive and if_missing), `transform` and
    `validate`; order of keys, comments and defaults that are spelled out change nothing.

    Args:
        config: the config as read.

    Returns:
        64 hexadecimal digits.
    """
    # Without what is not said: a key that a later program adds leaves older hashes as they are.
    said = config.model_dump(
        mode="json",
        by_alias=True,
        exclude_none=True,
        include={"platform", "source", "transform", "validate_"},
    )
    for key in _BESIDE_THE_POINT:
        del said["source"][key]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
