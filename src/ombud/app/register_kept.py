"""Whether the register has every mark that the sources have: else it was lost or restored, and speaks for nobody."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from ombud.app.loaded import Loaded, Refused
from ombud.app.sources import connected
from ombud.datamap.schema import Schema
from ombud.engine.noted import marks_known
from ombud.engine.sidecar import check_same
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.terms import Finding, Mark


def check_register(loaded: Loaded) -> None:
    """Raises Refused (C048) where a source has marks that the register lacks, or that say something else there.

    Asked before a key is made or a mark is written. A source that cannot be asked says nothing here. Where sources are
    kept open, each is asked again once the register has another mark.
    """
    newest = loaded.newest()
    known = loaded.kept.compared if loaded.kept is not None else {}
    asked = [name for name in loaded.datamap.sources if known.get(name) != newest]
    if not asked:
        return
    marks = loaded.marks()
    if findings := tuple(finding for name in asked for finding in _differing(loaded, name, marks)):
        raise Refused(*findings)


def _differing(loaded: Loaded, name: str, marks: tuple[Mark, ...]) -> Iterator[Finding]:
    try:
        with connected(loaded, name, read_only=True) as connection, connection.begin():
            _compare(loaded, name, connection, marks)
        if loaded.kept is not None:
            loaded.kept.compared[name] = marks[-1].seq if marks else 0
    except Refused as refusal:
        yield from (finding for finding in refusal.findings if finding.code == "C048")


def _compare(loaded: Loaded, name: str, connection: sa.Connection, marks: tuple[Mark, ...]) -> None:
    names = Names(loaded.datamap.sources[name], Schema({}), DIALECTS[connection.dialect.name])
    known = marks_known(connection, names)
    if known is None:
        return
    check_known(loaded, name, known, marks[-1].seq if marks else 0)
    check_same(connection, names, marks)


def lacks_marks(loaded: Loaded, name: str, connection: sa.Connection) -> bool:
    """Whether a source that is open has not acknowledged every mark of the register."""
    names = Names(loaded.datamap.sources[name], Schema({}), DIALECTS[connection.dialect.name])
    marks = loaded.marks()
    with connection.begin():
        known = marks_known(connection, names)
    return bool(marks) and (known is None or known < marks[-1].seq)


def check_known(loaded: Loaded, name: str, known: int, newest: int) -> None:
    """Raises Refused where a source knows of a newer mark than the register's newest."""
    if known > newest:
        message = f"{name} has marks up to {known}, and the register only up to {newest}: it was lost or restored"
        hint = "restore .ombud/register.db, and .ombud/key with it, from the newest copy"
        raise Refused(Finding("C048", loaded.project.sources[name].place, message, hint))
