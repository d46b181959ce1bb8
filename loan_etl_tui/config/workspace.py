"""A workspace: the folder with the pipelines, the default database, and what runs leave behind."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from loan_etl_tui.config.database_url import normal_url
from loan_etl_tui.config.models import PipelineConfig, TargetConfig, WorkspaceConfig
from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.problems import quoted
from loan_etl_tui.config.read import read_settings, shown_path
from loan_etl_tui.config.secrets import (
    DATABASE_URL,
    DEFAULT_DATABASE,
    Secret,
    mask_url,
    resolve_url,
)
from loan_etl_tui.model.errors import ConfigError, UsageError

WORKSPACE = "LOAN_ETL_WORKSPACE"
SETTINGS_FILE = "loan-etl.yaml"
DATABASE_FILE = "loans.db"


@dataclass(frozen=True, slots=True)
class ResolvedTarget:
    """A database to load into, its secrets resolved.

    Attributes:
        name: its name in `loan-etl.yaml`; `database` for --database, `environment` for
            LOAN_ETL_DATABASE_URL, `workspace` for loans.db.
        url: SQLAlchemy URL; shown only as `masked_url`.
        schema: schema of the tables, or None for the database's own default.
        table_prefix: put before every table's name.
        production: whether the app asks twice before it loads.
        create: whether this role may make tables: auto or never.
    """

    name: str
    url: Secret
    schema: str | None = None
    table_prefix: str = ""
    production: bool = False
    create: str = "auto"

    @property
    def masked_url(self) -> str:
        """The URL as it may be shown."""
        return mask_url(self.url.reveal())


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace on disk.

    Attributes:
        root: its folder, a whole path.
        settings: what `loan-etl.yaml` says; the defaults where there is none.
    """

    root: Path
    settings: WorkspaceConfig

    @property
    def configs(self) -> Path:
        """Folder of the pipelines."""
        return self.root / "configs"

    @property
    def runs(self) -> Path:
        """Folder of held runs and reports."""
        return self.root / "runs"

    @property
    def fixes(self) -> Path:
        """Folder of the ledgers."""
        return self.root / "fixes"

    @property
    def archive(self) -> Path:
        """Folder of loaded tapes."""
        return self.root / "archive"

    @property
    def inbox(self) -> Path:
        """Folder where tapes arrive."""
        return self.root / "inbox"

    @property
    def database(self) -> Path:
        """The embedded default database."""
        return self.root / DATABASE_FILE

    def resolve(self, path_text: str) -> Path:
        """Find a path of a config or option: a relative one lies in the workspace."""
        return self.root / path_text

    def pipeline_names(self) -> tuple[str, ...]:
        """List the pipelines, in the order of their names.

        Raises:
            ConfigError: the folder cannot be read.
        """
        return tuple(path.stem for path in self._config_files(".yaml"))

    def pipeline_path(self, name: str) -> Path:
        """Find a pipeline's file; no other file is opened.

        Raises:
            UsageError: there is no such pipeline; the message names the nearest one.
        """
        names = self.pipeline_names()
        if name in names:
            return self.configs / f"{name}.yaml"
        where = shown_path(self.configs)
        known = f"it has {listed(names, 'and')}" if names else "it has none"
        words = f"{quoted(name)} is no pipeline of {where}; {known}."
        raise UsageError(words, self._hint(name, names))

    def _hint(self, name: str, names: tuple[str, ...]) -> str:
        stem = Path(name).stem
        if stem in {path.stem for path in self._config_files(".yml")}:
            return f"rename configs/{stem}.yml to {stem}.yaml."
        near = did_you_mean(stem, names)
        return near or ("" if names else "loan-etl init makes the built-in ones.")

    def _config_files(self, ending: str) -> list[Path]:
        try:
            found = [path for path in self.configs.iterdir() if path.suffix == ending]
            return sorted(p for p in found if not p.name.startswith(".") and p.is_file())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ConfigError(f"{shown_path(self.configs)}: {error.strerror}.") from None

    def target(
        self,
        pipeline: PipelineConfig | None,
        *,
        name: str | None = None,
        database: str | None = None,
    ) -> tuple[ResolvedTarget, ...]:
        """Say which databases a pipeline loads into, and look up their secrets.

        The first that is set counts: `database`, `name`, the pipeline's `load.targets`, the
        variable LOAN_ETL_DATABASE_URL, `default_target` of the workspace, its loans.db.

        Args:
            pipeline: the config as read; None for what a pipeline without `load.targets` has.
            name: what `--target` says.
            database: what `--database` says.

        Raises:
            UsageError: `--target` names no target of the workspace.
            ConfigError: the config names no such target, a secret is not there, or a URL is none.
        """
        if database is not None:
            return (self._at("database", database),)
        if name is not None:
            return (self._named(name, "--target", UsageError),)
        if pipeline is not None and pipeline.load.targets:
            names = dict.fromkeys(pipeline.load.targets)
            return tuple(self._named(one, "load.targets", ConfigError) for one in names)
        if os.environ.get(DATABASE_URL):
            return (self._at("environment", f"${{env:{DATABASE_URL}}}"),)
        if self.settings.default_target is not None:
            return (self._named(self.settings.default_target, "default_target", ConfigError),)
        return (self._at("workspace", DEFAULT_DATABASE),)

    def _at(self, name: str, url: str) -> ResolvedTarget:
        return ResolvedTarget(name, self._url(url))

    def _url(self, text: str) -> Secret:
        return Secret(normal_url(resolve_url(text).reveal(), self.root))

    def _named(
        self, name: str, said_by: str, error: type[UsageError] | type[ConfigError]
    ) -> ResolvedTarget:
        targets = self.settings.targets
        if name not in targets:
            known = f"choose {listed(targets)}" if targets else f"{SETTINGS_FILE} names none"
            raise error(
                f"{said_by} is {quoted(name)}, which is no target of this workspace; {known}.",
                did_you_mean(name, targets) or f"targets stand in {SETTINGS_FILE}.",
            )
        return self._resolved(name, targets[name])

    def _resolved(self, name: str, target: TargetConfig) -> ResolvedTarget:
        return ResolvedTarget(
            name=name,
            url=self._url(target.url),
            schema=target.schema_,
            table_prefix=target.table_prefix,
            production=target.production,
            create=target.create,
        )


def open_workspace(root: Path | None = None) -> Workspace:
    """Open a workspace.

    Args:
        root: its folder; by default LOAN_ETL_WORKSPACE, else the current folder.

    Raises:
        ConfigError: there is no such folder, or `loan-etl.yaml` cannot be read.
        ConfigProblems: everything that is wrong with `loan-etl.yaml`.
    """
    said = root if root is not None else Path(os.environ.get(WORKSPACE) or ".")
    origin = f"{WORKSPACE} is" if root is None and os.environ.get(WORKSPACE) else "the workspace is"
    try:
        folder = said.expanduser().resolve(strict=True)
        is_folder, has_settings = folder.is_dir(), (folder / SETTINGS_FILE).exists()
    except (OSError, RuntimeError, ValueError):
        is_folder = False
    if not is_folder:
        words = f"{origin} {quoted(str(said))}, which is no folder that can be opened."
        raise ConfigError(words, "loan-etl init DIR makes a workspace.")
    settings = read_settings(folder / SETTINGS_FILE) if has_settings else WorkspaceConfig()
    return Workspace(folder, settings)
