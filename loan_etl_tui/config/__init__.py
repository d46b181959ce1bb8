"""YAML → a frozen config: every complaint has file, line and column; secrets; the workspace.

Reading, in the order of the path:
`text` bytes to text · `yaml_tree` text to a `tree` with positions · `overrides` `--set` ·
`upgrade` older versions · `literal_secrets` no secret in clear · `models` what may be said (its
blocks: `source_block`, `transform_block`, `field_blocks`, `field_spec`, `loan_status`,
`record_date`, `validate_block`; `block` how each says everything wrong at once; `values` single
values; `mentions` source columns) · `wording` and `nearest` the words · `problems` the
complaints · `read` all of it · `plan` what the heart needs.

Beside it: `workspace` folders and targets · `database_url` · `references` and `secrets` where a
secret is kept · `masking` what is never shown · `effective` the config's hash · `changes`,
`round_trip` and `write` saving with comments kept · `json_schema` for editors · `shipped` the
files that come with the program.
"""
