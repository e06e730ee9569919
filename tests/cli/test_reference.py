"""No command, setting or finding code is undocumented, and the project file's schema is the grammar's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from ombud.app.project import GRAMMAR, load_text
from ombud.app.published import text
from ombud.cli.program import program
from ombud.terms import Act

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src/ombud"
CODES = sorted(
    {
        code
        for folder in ("app", "adapters", "cli")
        for path in (SOURCE / folder).rglob("*.py")
        for code in re.findall(r'"(C\d{3})"', path.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize("code", CODES)
def test_the_code_is_documented(code: str) -> None:
    assert re.search(rf"^\|.*\b{code}\b", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(program.commands))
def test_the_command_is_documented(name: str) -> None:
    assert f"`ombud {name}" in PAGE


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (name, option)
        for name, command in sorted(program.commands.items())
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
    ],
)
def test_the_option_is_documented_at_its_command(command: str, option: str) -> None:
    assert re.search(rf"^\| (all|[a-z, ]*\b{command}\b[a-z, ]*) \|.*`{option}\b", PAGE, re.MULTILINE)


def test_the_help_of_mark_says_what_undoes_each_act() -> None:
    told = CliRunner().invoke(program, ["mark", "--help"]).stdout
    for act in Act:
        assert re.search(rf"^ +{act.value} .*undone by \w+$", told, re.MULTILINE), act


@pytest.mark.parametrize("setting", sorted(GRAMMAR.keys))
def test_the_setting_is_documented(setting: str) -> None:
    assert re.search(rf"^\|.*`{setting}`", PAGE, re.MULTILINE)


def test_the_published_schema_is_made_from_the_grammar() -> None:
    assert (SOURCE / "app/project.schema.json").read_text(encoding="utf-8") == text()


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ('policy: p\ndatamaps: d\nsources: {a: {url: "sqlite:///a.db"}}', True),
        ('policy: p\ndatamaps: d\nshare: 5%\nsources: {a: {url: "${A}"}}', True),
        ("policy: p\ndatamaps: d\nsources: {}", False),
        ("policy: p\nsources: {a: {url: x}}", False),
        ("policy: p\ndatamaps: d\nshare: 200%\nsources: {a: {url: x}}", False),
        ("policy: p\ndatamaps: d\nsources: {a: {url: x, user: y}}", False),
    ],
)
def test_schema_and_reader_agree(said: str, right: bool) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(text()))
    assert schema.is_valid(YAML(typ="safe").load(said)) is right
    assert (load_text(Path(), said)[0] is not None) is right
