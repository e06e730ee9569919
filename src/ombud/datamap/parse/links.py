"""References to other tables: by columns, by a type and a number, by an identifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ombud.datamap.model import Gone, Link, Match, Test
from ombud.datamap.parse.draft import Links, Scope
from ombud.datamap.parse.fields import Findings, entries, keys, names, text, values, word
from ombud.datamap.parse.owners import kind_of
from ombud.datamap.parse.where import column_of, if_none, must_say, where
from ombud.datamap.parse.words import LINK, LINK_BY_IDENTIFIER, LINK_BY_TYPE
from ombud.policy.tree import Entries, Entry, Node, Scalar
from ombud.terms import IfNone, Place


class Carries(StrEnum):
    """What a link by identifier lets through."""

    RIGHTS = "rights"
    CLOCKS = "clocks"


CLOCKS_PASS = {Carries.RIGHTS: False, Carries.CLOCKS: True, None: False}


class Rest(StrEnum):
    """What a row is that no link of several fits: about nobody, or in doubt."""

    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class _Read:
    links: dict[str, Link] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubt: list[Test] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


def link_names(node: Node | None) -> frozenset[str]:
    """The names of a table's links, before anything about them is read."""
    found: set[str] = set()
    for entry in node.entries if isinstance(node, Entries) else ():
        to = entry.node.get("to") if isinstance(entry.node, Entries) else None
        if isinstance(to, Entries):
            found |= {f"{entry.key}.{_plain(each.node)}" for each in to.entries}
        else:
            found.add(entry.key)
    return frozenset(found)


def links(node: Node | None, key: tuple[str, ...], scope: Scope, findings: Findings) -> Links:
    """A table's links; `key` is its own, which cannot be unlinked. Targets are filled in when all tables are read."""
    read = _Read()
    for entry in entries(node, "links", findings) if node is not None else ():
        read.places[entry.key] = entry.place
        if not isinstance(entry.node, Entries):
            _short(entry, key, scope, read, findings)
        elif entry.node.get("match") is not None:
            _by_identifier(entry, scope, read, findings)
        elif entry.node.get("type") is not None or isinstance(entry.node.get("to"), Entries):
            _by_type(entry, key, scope, read, findings)
        else:
            _long(entry, key, scope, read, findings)
    return Links(read.links, read.matches, read.groups, tuple(read.doubt), read.places)


def _short(entry: Entry, key: tuple[str, ...], scope: Scope, read: _Read, findings: Findings) -> None:
    by = tuple(name for name, _ in names(entry.node, "a column", findings))
    if by:
        missing = scope.said.if_none
        read.links[entry.key] = _link(entry.key, scope.physical(entry.key), by, (), missing, None, key)


def _long(entry: Entry, key: tuple[str, ...], scope: Scope, read: _Read, findings: Findings) -> None:
    said = keys(entry.node, "a link", LINK, findings)
    to = text(said["to"].node, "a table", findings) if "to" in said else entry.key
    by = _by(entry, said, findings)
    target = tuple(name for name, _ in names(said["target"].node, "a column", findings)) if "target" in said else ()
    missing = if_none(said.get("if_none"), scope, findings)
    gone = _gone(entry, said, by, missing, key, findings)
    tests = where(said["when"].node if "when" in said else None, scope.table, scope, findings)
    if tests and "rest" not in said:
        findings.add(
            "M062",
            entry.place,
            "what of rows that fail `when`, nothing says",
            "add `rest: nobody`, or write `type:` and `to: {…}`",
        )
    rest = word(said["rest"].node, Rest, "what of the rest", findings) if "rest" in said else None
    if rest is Rest.UNKNOWN:
        findings.add(
            "M062", said["rest"].place, "`rest: unknown` needs all tables in one link", "write `type:` and `to: {…}`"
        )
    if to and by:
        absent = _absent(said, by, missing, findings)
        read.links[entry.key] = _link(entry.key, scope.physical(to), by, target, missing, gone, key, tests, absent)


def _by_type(entry: Entry, key: tuple[str, ...], scope: Scope, read: _Read, findings: Findings) -> None:
    said = keys(entry.node, "a link to several tables", LINK_BY_TYPE, findings)
    by = _by(entry, said, findings)
    for needed in ("type", "to"):
        if needed not in said:
            findings.add("M005", entry.place, f"a link to several tables has no `{needed}`", f"add `{needed}: …`")
    if "rest" not in said:
        findings.add("M062", entry.place, "what of other types, nothing says", "add `rest: nobody` or `rest: unknown`")
    rest = word(said["rest"].node, Rest, "what of the rest", findings) if "rest" in said else None
    kind = text(said["type"].node, "a column", findings) if "type" in said else None
    if kind is None or not by or "to" not in said:
        return
    column, through = column_of(kind, said["type"].node.place, scope.table, scope, findings)
    missing = if_none(said.get("if_none"), scope, findings)
    gone = _gone(entry, said, by, missing, key, findings)
    absent = _absent(said, by, missing, findings)
    tables: dict[str, list[object]] = {}
    for each in entries(said["to"].node, "types and tables", findings):
        table = text(each.node, "a table", findings)
        if table is not None:
            tables.setdefault(table, []).append(_type_value(each))
    for table, its in tables.items():
        test = Test(column, tuple(its), through)
        name = f"{entry.key}.{table}"
        read.links[name] = _link(name, scope.physical(table), by, (), missing, gone, key, (test,), absent)
        read.places[name] = entry.place
    read.groups[entry.key] = tuple(f"{entry.key}.{table}" for table in tables)
    if rest is Rest.UNKNOWN:
        read.doubt.append(Test(column, tuple(each for its in tables.values() for each in its), through))


def _type_value(entry: Entry) -> object:
    """A type's value is a key of the mapping: digits are a number, as they would be elsewhere."""
    return (
        int(entry.key)
        if entry.key.isdecimal() and entry.key.isascii() and (entry.key == "0" or entry.key[0] != "0")
        else entry.key
    )


def _by_identifier(entry: Entry, scope: Scope, read: _Read, findings: Findings) -> None:
    said = keys(entry.node, "a link by identifier", LINK_BY_IDENTIFIER, findings)
    to = text(said["to"].node, "a subject", findings) if "to" in said else entry.key
    kind = kind_of(said["match"].node, findings)
    column = text(said["in"].node, "a column", findings) if "in" in said else None
    for each, hint in (("in", "add `in: column`"), ("carries", "add `carries: rights`, or `clocks` too")):
        if each not in said:
            findings.add("M005", entry.place, f"a link by identifier has no `{each}`", hint)
    carries = word(said["carries"].node, Carries, "what a link carries", findings) if "carries" in said else None
    missing = must_say(said.get("if_none"), entry.place, "the identifier is empty or fits nobody", scope, findings)
    if to and kind and column:
        read.matches[entry.key] = Match(entry.key, to, kind, column, missing, CLOCKS_PASS[carries])


def _by(entry: Entry, said: Mapping[str, Entry], findings: Findings) -> tuple[str, ...]:
    if "by" not in said:
        findings.add("M005", entry.place, "no column holds the reference", "add `by: column`")
        return ()
    return tuple(name for name, _ in names(said["by"].node, "a column", findings))


def _gone(
    entry: Entry,
    said: Mapping[str, Entry],
    by: tuple[str, ...],
    missing: IfNone | None,
    key: tuple[str, ...],
    findings: Findings,
) -> Gone | None:
    if "gone" not in said:
        return None
    gone = word(said["gone"].node, Gone, "what happens when the row goes", findings)
    if gone is Gone.UNLINK and set(by) & set(key):
        findings.add(
            "M063", said["gone"].place, f"{', '.join(by)} is part of the key and cannot be NULL", "write `gone: shell`"
        )
    elif gone is Gone.UNLINK and missing is None:
        findings.add(
            "M061",
            entry.place,
            "what it means when the link is lost is not said",
            "add `if_none: not_yet | unknown | none`",
        )
    return gone


def _absent(
    said: Mapping[str, Entry], by: tuple[str, ...], missing: IfNone | None, findings: Findings
) -> tuple[object, ...]:
    if "absent" not in said:
        return ()
    if len(by) > 1:
        findings.add("M067", said["absent"].place, "a link of several columns has no `absent`", "take it away")
    elif missing is None:
        hint = "add `if_none: not_yet | unknown | none`"
        findings.add("M067", said["absent"].place, "what it means when there is no reference is not said", hint)
    return tuple(each for each in values(said["absent"].node, "a value", findings) if each is not None)


def _link(
    name: str,
    to: str,
    by: tuple[str, ...],
    target: tuple[str, ...],
    missing: IfNone | None,
    gone: Gone | None,
    key: tuple[str, ...],
    when: tuple[Test, ...] = (),
    absent: tuple[object, ...] = (),
) -> Link:
    unlinks = missing is not None and not set(by) & set(key)
    default = Gone.UNLINK if unlinks else Gone.SHELL
    nullable = missing is not None
    return Link(name, to, by, target, missing or IfNone.UNKNOWN, gone or default, when, nullable, absent)


def _plain(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
