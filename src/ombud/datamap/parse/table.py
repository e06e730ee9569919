"""One table, as its file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ombud.datamap.model import (
    ColumnMark,
    CompanyColumn,
    CompanyRule,
    CompanyThrough,
    IsCompany,
    Provenance,
    Test,
    TimeColumn,
)
from ombud.datamap.parse.cells import bindings, cells, column_cells
from ombud.datamap.parse.disclosed import disclosed
from ombud.datamap.parse.draft import DraftKind, DraftTable, Scope
from ombud.datamap.parse.fields import Findings, entries, keys, names, number, text, value, word
from ombud.datamap.parse.links import links
from ombud.datamap.parse.moments import Children, moments
from ombud.datamap.parse.owners import mentions, owners
from ombud.datamap.parse.times import time
from ombud.datamap.parse.titles import titles
from ombud.datamap.parse.where import where
from ombud.datamap.parse.words import COMPANY, KEY_VALUES, KIND, LEFT_ALONE, MARK, TABLE
from ombud.policy.tree import Entries, Entry, Items, Node, Scalar
from ombud.terms import Place

Said = Mapping[str, Entry]


class LeftAlone(StrEnum):
    """`personal: none`."""

    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reader:
    """What every table of a file is read with."""

    scope: Scope
    key: tuple[str, ...]
    children: Children
    findings: Findings


def table(entry: Entry, reader: Reader) -> DraftTable:
    """Read one table. `reader.key`: its key where it says none."""
    scope, findings = reader.scope, reader.findings
    said = keys(entry.node, f"the table {entry.key}", TABLE, findings)
    personal = _personal(said, entry, findings)
    key = tuple(name for name, _ in names(said["key"].node, "a column", findings)) if "key" in said else reader.key
    own_links = links(_node(said, "links"), key, scope, findings)
    provenance = word(_node(said, "provenance"), Provenance, "a provenance", findings) or scope.said.provenance
    its_cells = cells(_node(said, "columns"), provenance, scope, findings)
    its_moments = moments(_node(said, "moments"), scope, reader.children, findings)
    born, born_said = _born(_node(said, "born"), scope, findings)
    draft = DraftTable(
        name=scope.table,
        place=entry.place,
        key=key,
        links=own_links,
        owners=owners(_node(said, "owner"), scope, findings),
        via=_named(said, "via", findings),
        company=company(_node(said, "company"), scope, findings),
        purposes=bindings(_node(said, "purposes"), findings),
        moments=its_moments,
        cells=its_cells,
        kinds=(),
        not_personal=frozenset(name for name, _ in names(_node(said, "not_personal"), "a column", findings)),
        born=born,
        born_said=born_said,
        grace=_grace(said, scope, findings),
        follows=_named(said, "follows", findings),
        copy_of=_named(said, "copy_of", findings),
        marks=_marks(_node(said, "marks"), scope, findings),
        mentions=mentions(_node(said, "mentions"), findings),
        personal=personal,
        named=companies_at(_node(said, "company")),
        places={name: each.place for name, each in said.items()},
        disclosed=disclosed(_node(said, "disclosed"), scope, findings),
        titles=titles(_node(said, "titles"), findings),
    )
    return _with_kinds(draft, said, provenance, reader)


def company(node: Node | None, scope: Scope, findings: Findings) -> CompanyRule | None:
    """Whose rows they are; the companies named are looked up later."""
    if node is None:
        return None
    if not isinstance(node, Entries):
        name = text(node, "a company", findings)
        return IsCompany(name) if name else None
    said = keys(node, "a company", COMPANY, findings)
    if "through" in said:
        link = text(said["through"].node, "a link", findings)
        return CompanyThrough(link) if link else None
    values = dict(scope.said.values)
    if "values" in said:
        values = {
            _value(each.key): text(each.node, "a company", findings) or ""
            for each in entries(said["values"].node, "values", findings)
        }
    column = text(said["column"].node, "a column", findings) if "column" in said else None
    if "column" not in said and "values" not in said:
        findings.add("M005", node.place, "this names no company", "write a company, {column: …} or {through: link}")
    return CompanyColumn(column, values) if column else None


def companies_at(node: Node | None) -> dict[str, Place]:
    """The companies that are named there, each with the place where it first is."""
    if isinstance(node, Scalar):
        return {node.text: node.place} if node.text else {}
    values = node.get("values") if isinstance(node, Entries) else None
    named = [e.node for e in values.entries if isinstance(e.node, Scalar)] if isinstance(values, Entries) else []
    return {each.text: each.place for each in reversed(named)}


def _value(key: str) -> object:
    return int(key) if key.isdecimal() and key.isascii() and (key == "0" or key[0] != "0") else key


def _node(said: Said, key: str) -> Node | None:
    return said[key].node if key in said else None


def _named(said: Said, key: str, findings: Findings) -> tuple[str, Place] | None:
    name = text(_node(said, key), "a link", findings)
    return None if name is None else (name, said[key].node.place)


def _personal(said: Said, entry: Entry, findings: Findings) -> bool:
    if "personal" not in said:
        return True
    word(said["personal"].node, LeftAlone, "a way to leave a table alone", findings)
    for key in said.keys() - LEFT_ALONE:
        findings.add(
            "M004",
            said[key].place,
            f"`personal: none` leaves {entry.key} alone: `{key}` does not fit",
            "leave one of them out",
        )
    return False


def _grace(said: Said, scope: Scope, findings: Findings) -> int:
    own = number(_node(said, "grace"), "grace", findings)
    return scope.said.grace if own is None else own


def _born(node: Node | None, scope: Scope, findings: Findings) -> tuple[TimeColumn | None, bool]:
    if node is None:
        return None, False
    if isinstance(node, Scalar) and node.text == "unknown":
        return None, True
    return time(node, scope, findings), True


def _marks(node: Node | None, scope: Scope, findings: Findings) -> tuple[tuple[ColumnMark, Place], ...]:
    found: list[tuple[ColumnMark, Place]] = []
    for entry in entries(node, "marks", findings) if node is not None else ():
        said = keys(entry.node, "a mark", MARK, findings)
        if "consented" not in said:
            findings.add("M005", entry.place, "no column says when consent was given", "add `consented: column`")
            continue
        given = time(said["consented"].node, scope, findings)
        withdrawn = time(_node(said, "withdrawn"), scope, findings)
        if given:
            found.append((ColumnMark(entry.key, given, withdrawn), entry.place))
    return tuple(found)


def _with_kinds(draft: DraftTable, said: Said, provenance: Provenance | None, reader: Reader) -> DraftTable:
    """A table's kinds: stated, one for each key, or the one that every table has."""
    findings = reader.findings
    if "kinds" in said and "key_values" in said:
        findings.add(
            "M004", said["kinds"].place, "a table of keys and values is split by its keys", "leave `kinds` out"
        )
    if "key_values" in said:
        kinds = _by_key(said["key_values"].node, draft, provenance, reader)
    elif "kinds" in said:
        kinds = [_kind(each, draft, provenance, reader) for each in entries(said["kinds"].node, "kinds", findings)]
    else:
        kinds = [DraftKind(draft.name, (), draft.purposes, draft.moments, draft.cells, draft.place)]
    doubt = draft.links.doubt
    return replace(draft, kinds=tuple(replace(kind, when=(*kind.when, *doubt)) for kind in kinds))


def _kind(entry: Entry, draft: DraftTable, provenance: Provenance | None, reader: Reader) -> DraftKind:
    scope, findings = reader.scope, reader.findings
    said = keys(entry.node, "a kind", KIND, findings)
    if "when" not in said:
        findings.add("M005", entry.place, f"which rows are {entry.key} is not said", "add `when: {column: value}`")
    tests = where(_node(said, "when"), scope.table, scope, findings)
    own = bindings(_node(said, "purposes"), findings)
    its_moments = {**draft.moments, **moments(_node(said, "moments"), scope, reader.children, findings)}
    its_cells = {**draft.cells, **cells(_node(said, "columns"), provenance, scope, findings)}
    return DraftKind(entry.key, tests, draft.purposes if own is None else own, its_moments, its_cells, entry.place)


def _by_key(node: Node, draft: DraftTable, provenance: Provenance | None, reader: Reader) -> list[DraftKind]:
    scope, findings = reader.scope, reader.findings
    said = keys(node, "key_values", KEY_VALUES, findings)
    for each in ("key", "value", "keys"):
        if each not in said:
            findings.add("M005", node.place, f"key_values has no `{each}`", f"add `{each}`: {KEY_VALUES[each]}")
    key, held = text(_node(said, "key"), "a column", findings), text(_node(said, "value"), "a column", findings)
    if key is None or held is None:
        return []
    kinds: list[DraftKind] = []
    for entry in entries(said["keys"].node, "keys", findings) if "keys" in said else ():
        own = {each.cell.name: each for each in column_cells(entry, held, provenance, scope, findings)}
        tests = (Test(key, (entry.key,)),)
        kinds.append(DraftKind(entry.key, tests, draft.purposes, draft.moments, {**draft.cells, **own}, entry.place))
    plain = _node(said, "not_personal")
    if plain is not None:
        nodes = plain.nodes if isinstance(plain, Items) else (plain,)
        values = tuple(value(each, "a key", findings) for each in nodes)
        tests = (Test(key, values),)
        kinds.append(DraftKind("not_personal", tests, draft.purposes, draft.moments, draft.cells, plain.place))
    return kinds
