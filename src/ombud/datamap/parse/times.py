"""Columns that say when: `ended_at`, or `{column: ended_at, encoding: date}`, with the file's conventions."""

from __future__ import annotations

from fnmatch import fnmatchcase

from ombud.datamap.model import Encoding, TimeColumn
from ombud.datamap.parse.draft import Conventions, Scope
from ombud.datamap.parse.fields import Findings, Named, form, keys, names, text, values, word
from ombud.datamap.parse.words import TIME, TIMES
from ombud.policy.tree import Entries, Node
from ombud.terms import Place

WITHOUT_ZONE = frozenset({Encoding.TIMESTAMP, Encoding.TEXT_TIMESTAMP})
"""Encodings that mean nothing until a zone is said."""

Pattern = tuple[str, Encoding | None, str | None]


def times(node: Node | None, zone: str, findings: Findings) -> tuple[Encoding | None, str | None, tuple[Pattern, ...]]:
    """The file's `times`: the encoding, the zone, and patterns of columns that are written otherwise."""
    if node is None:
        return None, None, ()
    said = keys(node, "times", TIMES, findings)
    encoding = word(said["encoding"].node, Encoding, "an encoding", findings) if "encoding" in said else None
    written_in = known_zone(said["zone"].node if "zone" in said else None, zone, findings)
    patterns: list[Pattern] = []
    columns = said["columns"].node if "columns" in said else None
    for entry in columns.entries if isinstance(columns, Entries) else ():
        if isinstance(entry.node, Entries):
            own = keys(entry.node, "a column's times", {k: TIMES[k] for k in ("encoding", "zone")}, findings)
            its = word(own["encoding"].node, Encoding, "an encoding", findings) if "encoding" in own else None
            its_zone = known_zone(own["zone"].node if "zone" in own else None, zone, findings)
            patterns.append((entry.key, its, its_zone))
        else:
            patterns.append((entry.key, word(entry.node, Encoding, "an encoding", findings), None))
    if columns is not None and not isinstance(columns, Entries):
        findings.add("M003", columns.place, f"{form(columns)} does not fit here", 'write {"*_on": date}')
    return encoding, written_in, tuple(patterns)


def known_zone(node: Node | None, zone: str, findings: Findings) -> str | None:
    """A zone that days can be told in: UTC or the policy's."""
    said = text(node, "a zone", findings)
    if said is None or node is None or said in ("UTC", zone):
        return said
    findings.add("M052", node.place, f"{said!r} is neither UTC nor the policy's zone", f"write UTC or {zone}")
    return None


def time(node: Node | None, scope: Scope, findings: Findings) -> TimeColumn | None:
    """One column that says when."""
    read = columns(node, scope, findings)
    if node is not None and len(read) > 1:
        findings.add("M002", node.place, "`else` does not fit here", "name one column")
    return read[0] if read else None


def columns(node: Node | None, scope: Scope, findings: Findings) -> tuple[TimeColumn, ...]:
    """A column that says when, and those that are tried where it says nothing."""
    if node is None:
        return ()
    if not isinstance(node, Entries):
        column = text(node, "a column", findings)
        return () if column is None else _all([_written((column, node.place), None, None, (), scope, findings)])
    said = keys(node, "a column that says when", TIME, findings)
    if "column" not in said:
        findings.add("M005", node.place, "no column is named", "add `column: …`")
        return ()
    encoding = word(said["encoding"].node, Encoding, "an encoding", findings) if "encoding" in said else None
    zone = known_zone(said["zone"].node if "zone" in said else None, scope.said.zone, findings)
    absent = values(said["absent"].node, "a value", findings) if "absent" in said else ()
    named = names(said["column"].node, "a column", findings)
    if "else" in said:
        named += names(said["else"].node, "a column", findings)
    return _all([_written(each, encoding, zone, absent, scope, findings) for each in named])


def _all(read: list[TimeColumn | None]) -> tuple[TimeColumn, ...]:
    return tuple(each for each in read if each is not None)


def _written(
    named: Named,
    encoding: Encoding | None,
    zone: str | None,
    absent: tuple[object, ...],
    scope: Scope,
    findings: Findings,
) -> TimeColumn | None:
    column, place = named
    by_pattern, zone_by_pattern = _convention(column, scope.table, scope.said)
    encoding = encoding or by_pattern
    zone = zone or zone_by_pattern
    if encoding is None:
        _unsaid(place, f"how {column} writes time is not said", findings)
        return None
    if zone is None and encoding in WITHOUT_ZONE:
        findings.add(
            "M051", place, f"{column} is written without a zone", "add `zone: UTC` or the policy's, or `times:`"
        )
        return None
    return TimeColumn(column, encoding, zone or "UTC", (*scope.said.absent, *absent))


def _unsaid(place: Place, message: str, findings: Findings) -> None:
    findings.add("M051", place, message, "add `encoding:` here, or `times: {encoding: …}` for the whole file")


def _convention(column: str, table: str, said: Conventions) -> tuple[Encoding | None, str | None]:
    plain = said.plain(table)
    for pattern, encoding, zone in said.times:
        if fnmatchcase(column, pattern) or fnmatchcase(f"{plain}.{column}", pattern):
            return encoding or said.encoding, zone or said.written_in
    return said.encoding, said.written_in
