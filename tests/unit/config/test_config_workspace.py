"""A workspace: its pipelines, its folders, and which database a pipeline loads into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loan_etl_tui.config.database_url import normal_url
from loan_etl_tui.config.models import PipelineConfig
from loan_etl_tui.config.problems import ConfigProblems
from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.workspace import Workspace, open_workspace
from loan_etl_tui.model.errors import ConfigError, UsageError

SETTINGS = """\
targets:
  prod: {url: '${env:PG_URL}', schema: analytics, table_prefix: x_, production: true, create: never}
  local: {url: local.db}
default_target: local
"""


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOAN_ETL_DATABASE_URL", "LOAN_ETL_WORKSPACE", "PG_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with two pipelines and two targets."""
    (tmp_path / "configs").mkdir()
    for name in ("zebra.yaml", "apple.yaml", ".hidden.yaml", "notes.txt", "old.yml"):
        (tmp_path / "configs" / name).write_text("broken: [")
    (tmp_path / "loan-etl.yaml").write_text(SETTINGS)
    return open_workspace(tmp_path)


@pytest.fixture
def config(read: Callable[..., Pipeline]) -> PipelineConfig:
    """A pipeline that names no target."""
    return read().config


def test_the_pipelines_are_the_yaml_files_by_name_and_are_not_opened(workspace: Workspace) -> None:
    assert workspace.pipeline_names() == ("apple", "zebra")
    assert workspace.pipeline_path("apple") == workspace.root / "configs" / "apple.yaml"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("aple", "'apple'"),
        ("configs/zebra.yaml", "'zebra'"),
        ("old", "rename configs/old.yml"),
        ("q", ""),
    ],
)
def test_an_unknown_pipeline_is_a_usage_error_with_the_nearest_name(
    workspace: Workspace, name: str, hint: str
) -> None:
    with pytest.raises(UsageError, match="apple and zebra") as refused:
        workspace.pipeline_path(name)
    assert hint in refused.value.hint


@pytest.mark.parametrize("name", ["../loan-etl", "/etc/passwd", ".hidden", "", "apple\0"])
def test_no_name_leads_out_of_the_folder_of_pipelines(workspace: Workspace, name: str) -> None:
    with pytest.raises(UsageError):
        workspace.pipeline_path(name)


def test_a_folder_without_configs_has_no_pipelines(tmp_path: Path) -> None:
    empty = open_workspace(tmp_path)
    assert empty.pipeline_names() == ()
    with pytest.raises(UsageError, match="it has none") as refused:
        empty.pipeline_path("x")
    assert "loan-etl init" in refused.value.hint


def test_the_folders_lie_in_the_workspace(workspace: Workspace) -> None:
    root = workspace.root
    assert [workspace.configs, workspace.runs, workspace.fixes] == [
        root / "configs",
        root / "runs",
        root / "fixes",
    ]
    assert [workspace.archive, workspace.inbox] == [root / "archive", root / "inbox"]
    assert workspace.database == root / "loans.db"


def test_a_relative_path_lies_in_the_workspace(workspace: Workspace) -> None:
    assert workspace.resolve("inbox/a.csv") == workspace.root / "inbox" / "a.csv"
    assert workspace.resolve("/data/a.csv") == Path("/data/a.csv")


def test_the_workspace_is_the_option_then_the_variable_then_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("option", "variable", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert open_workspace(None).root == tmp_path / "here"
    monkeypatch.setenv("LOAN_ETL_WORKSPACE", str(tmp_path / "variable"))
    assert open_workspace(None).root == tmp_path / "variable"
    assert open_workspace(tmp_path / "option").root == tmp_path / "option"


def test_a_folder_that_is_not_there_is_named_with_where_it_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOAN_ETL_WORKSPACE", str(tmp_path / "gone"))
    with pytest.raises(ConfigError, match="LOAN_ETL_WORKSPACE is"):
        open_workspace(None)
    with pytest.raises(ConfigError, match="no folder"):
        open_workspace(Path("a\0b"))


def test_the_settings_of_a_workspace_are_as_strict_as_a_pipeline(tmp_path: Path) -> None:
    (tmp_path / "loan-etl.yaml").write_text(
        "targets: {prod: {url: a.db, schema: 'x; drop', tabel_prefix: y}}\n"
        "default_target: pord\nfolder: x\n"
    )
    with pytest.raises(ConfigProblems) as refused:
        open_workspace(tmp_path)
    keys = [problem.key_path for problem in refused.value.problems]
    assert keys == [
        "targets.prod.schema",
        "targets.prod.tabel_prefix",
        "default_target",
        "folder",
    ]
    assert "did you mean 'prod'?" in str(refused.value)


def test_every_choice_of_a_database_comes_before_the_next(
    workspace: Workspace,
    config: PipelineConfig,
    read: Callable[..., Pipeline],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    root = workspace.root
    bare = Workspace(root, type(workspace.settings)())
    assert bare.target(config)[0].masked_url == f"sqlite:///{root}/loans.db"
    assert workspace.target(config)[0].masked_url == f"sqlite:///{root}/local.db"
    monkeypatch.setenv("LOAN_ETL_DATABASE_URL", "env.db")
    assert workspace.target(config)[0].masked_url == f"sqlite:///{root}/env.db"
    monkeypatch.setenv("PG_URL", "postgres://etl:pw@db/loans")
    both = read(overrides=(("load.targets", "[prod, local]"),)).config
    assert [one.name for one in workspace.target(both)] == ["prod", "local"]
    assert [one.name for one in workspace.target(both, name="local")] == ["local"]
    (given,) = workspace.target(both, name="local", database="given.db")
    assert (given.name, given.masked_url) == ("database", f"sqlite:///{root}/given.db")


def test_a_named_target_brings_everything_that_is_said_of_it(
    workspace: Workspace, config: PipelineConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_URL", "postgres://etl:canarypw@db/loans")
    (target,) = workspace.target(config, name="prod")
    assert target.url.reveal() == "postgresql+psycopg2://etl:canarypw@db/loans"
    assert target.masked_url == "postgresql+psycopg2://etl:***@db/loans"
    assert (target.schema, target.table_prefix) == ("analytics", "x_")
    assert (target.production, target.create) == (True, "never")
    assert "canarypw" not in repr(target)


def test_secrets_are_looked_up_for_the_chosen_target_only(
    workspace: Workspace, config: PipelineConfig
) -> None:
    assert workspace.target(config, name="local")
    with pytest.raises(ConfigError, match="PG_URL is not set"):
        workspace.target(config, name="prod")


def test_an_unknown_target_is_a_usage_error_of_the_call_or_an_error_of_the_config(
    workspace: Workspace, config: PipelineConfig, read: Callable[..., Pipeline]
) -> None:
    with pytest.raises(UsageError, match="--target is 'prd'") as refused:
        workspace.target(config, name="prd")
    assert refused.value.hint == "did you mean 'prod'?"
    with pytest.raises(ConfigError, match=r"load\.targets is 'prd'"):
        workspace.target(read(overrides=(("load.targets", "[prd]"),)).config)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("postgresql://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("postgres://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("postgres+psycopg2://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("POSTGRESQL://h/d", "postgresql+psycopg2://h/d"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
        ("mysql://h/d", "mysql+pymysql://h/d"),
        ("oracle://h/d", "oracle://h/d"),
        ("loans.db", "sqlite:////ws/loans.db"),
        ("data/loans.db", "sqlite:////ws/data/loans.db"),
        ("/data/loans.db", "sqlite:////data/loans.db"),
        ("sqlite:///loans.db", "sqlite:////ws/loans.db"),
        ("sqlite:////data/loans.db", "sqlite:////data/loans.db"),
        ("sqlite+pysqlite:///a.db?timeout=5", "sqlite+pysqlite:////ws/a.db?timeout=5"),
        ("duckdb:///a.duckdb", "duckdb:////ws/a.duckdb"),
    ],
)
def test_a_database_url_is_brought_to_one_form(text: str, url: str) -> None:
    assert normal_url(text, Path("/ws")) == url
    assert normal_url(url, Path("/ws")) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\nb",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        ":memory:",
        "sqlite://host/x",
        "sqlite:///x?mode=memory",
        "file:x",
        "postgresql://h/d?password=x",
        "my db://x",
    ],
)
def test_what_is_no_database_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        normal_url(text, Path("/ws"))
    assert refused.value.hint


def test_a_secret_in_the_query_of_a_url_from_the_environment_is_refused_unseen(
    workspace: Workspace, config: PipelineConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOAN_ETL_DATABASE_URL", "postgresql://db/l?password=canarypw")
    with pytest.raises(ConfigError, match="secret in its query") as refused:
        workspace.target(config)
    assert "canarypw" not in str(refused.value)
