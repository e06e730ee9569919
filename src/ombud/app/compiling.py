"""What ombud would run for a source on an engine that it does not run on: compiled from the live schema, not run."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ombud.app.loaded import Loaded, Refused
from ombud.app.sources import UNSERVED, opened
from ombud.engine.unserved import unserved
from ombud.policy.tree import guess
from ombud.terms import Finding, Place

if TYPE_CHECKING:
    from ombud.sql.compiled.source import Said
    from ombud.sql.compiled.targets import Target

WAY_OUT = "see docs/reference/cli.md, what is compiled and not run; the other statements are as they would be"


def target_of(name: str) -> Target:
    """The engine called so. Raises Refused where sqlglot is not installed."""
    if find_spec("sqlglot") is None:
        hint = "install ombud with its extra: pip install 'ombud[sql]'"
        raise Refused(Finding("C086", Place("ombud"), "sqlglot, which says it, is not installed", hint))
    from ombud.sql.compiled.targets import TARGETS

    return TARGETS[name]


def compiled(loaded: Loaded, name: str, target: Target, table: str | None) -> Iterator[Said]:
    """Every statement of a source, or of one table of it, said or refused. Raises Refused where none could be right."""
    from ombud.sql.compiled.neutral import neutral
    from ombud.sql.compiled.source import clashes, said

    sources = loaded.datamap.sources
    if name not in sources:
        raise Refused(Finding("C028", Place("ombud.yaml"), f"there is no source {name}", guess(name, dict(sources))))
    if table is not None and table not in sources[name].tables:
        hint = guess(table, dict(sources[name].tables))
        raise Refused(Finding("C028", Place("ombud.yaml"), f"{name} has no table {table}", hint))
    with opened(loaded, name, read_only=True) as source:
        mapped, schema = source.source, source.schema
    place = loaded.project.sources[name].place
    wrong = [*unserved(mapped, schema, neutral(target.name, target.title)), *clashes(schema, target)]
    if wrong:
        raise Refused(*(Finding("C049", place, f"{name}: {each}", UNSERVED) for each in wrong))
    yield from said(loaded.policy, mapped, schema, loaded.today(), target, table or "")


def refusals(loaded: Loaded, name: str, target: Target, found: list[Said]) -> list[Finding]:
    """C087: each statement that cannot be said, with what and where."""
    place = loaded.project.sources[name].place
    return [
        Finding("C087", place, f"{name}.{each.table}, {each.step.name}: {target.title}: {each.refused}", WAY_OUT)
        for each in found
        if each.refused
    ]
