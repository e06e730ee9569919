"""Whom each table's rows are about, and which link leads to its parent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.datamap.model import ByIdentifier, EachOwner, IsSubject, OwnerRule, OwnersOf
from ombud.datamap.parse.draft import ByName, DraftSource, DraftTable, Nobody, OwnerWord
from ombud.datamap.parse.fields import Findings

FARTHEST = 50
"""How many tables a path of owners, companies or moments may run through."""
TOO_FAR = "say owners, companies and moments nearer to the rows they are about"


@dataclass(frozen=True, slots=True)
class Family:
    """A table's owners, and the link or match to the parent that it inherits from, or nothing."""

    owners: tuple[OwnerRule, ...] = ()
    parent: str = ""


@dataclass(slots=True)
class _Search:
    source: DraftSource
    findings: Findings
    found: dict[str, Family] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)


def families(source: DraftSource, findings: Findings) -> Mapping[str, Family]:
    """Owners and parent of every table. Findings: two possible parents, owners in a loop, a path to nobody."""
    search = _Search(source, findings)
    for name in source.tables:
        _family(name, search)
    _grounded(search)
    _near(search)
    return search.found


def spelled_out(
    words: tuple[OwnerWord, ...], table: DraftTable, source: DraftSource, findings: Findings
) -> tuple[OwnerRule, ...]:
    """The rules that owner words stand for."""
    rules: list[OwnerRule] = []
    for word in words:
        match word:
            case ByName():
                rules.extend(_named(word, table, source, findings))
            case EachOwner():
                _points_here(word, table, source, findings)
                rules.append(word)
            case ByIdentifier():
                rules.append(word)
            case Nobody():
                pass
    return tuple(dict.fromkeys(rules))


def _named(word: ByName, table: DraftTable, source: DraftSource, findings: Findings) -> tuple[OwnerRule, ...]:
    links = table.links
    subject = source.subjects.get(word.name)
    is_subject = subject is not None and subject.table == table.name
    is_link = word.name in links.links or word.name in links.groups or word.name in links.matches
    if is_subject and is_link:
        message = f"{word.name} is a subject and a link of this table"
        findings.add("M032", word.place, message, "give the link another name, with `to:`")
    if is_subject:
        return (IsSubject(word.name),)
    if word.name in links.links:
        return (OwnersOf(word.name),)
    if word.name in links.groups:
        return tuple(OwnersOf(each) for each in links.groups[word.name])
    if match := links.matches.get(word.name):
        return (ByIdentifier(match.kind, match.column, match.if_none),)
    known = {*links.links, *links.groups, *links.matches}
    known |= {name for name, each in source.subjects.items() if each.table == table.name}
    if word.name not in links.places:
        findings.unknown("M015", word.place, "link or subject here called", word.name, known)
    return ()


def _points_here(rule: EachOwner, table: DraftTable, source: DraftSource, findings: Findings) -> None:
    child = source.tables.get(rule.child)
    link = child.links.links.get(rule.link) if child else None
    if link and link.to != table.name:
        place = table.places.get("owner", table.place)
        findings.add(
            "M020", place, f"{rule.child}.{rule.link} points at {link.to}", f"name a link that points at {table.name}"
        )


def _family(name: str, search: _Search) -> Family:
    if name in search.found:
        return search.found[name]
    if name in search.open:
        return Family()
    search.open.add(name)
    table = search.source.tables[name]
    family = _said(table, search) if table.owners is not None else _inherited(table, search)
    search.open.discard(name)
    search.found[name] = family
    return family


def _said(table: DraftTable, search: _Search) -> Family:
    rules = spelled_out(table.owners or (), table, search.source, search.findings)
    stated = _stated_parent(table, search)
    if stated:
        return Family(rules, stated)
    named = [word.name for word in table.owners or () if isinstance(word, ByName)]
    for known in (table.links.links, table.links.matches):
        parents = [name for name in named if name in known]
        if parents:
            return Family(rules, parents[0] if len(parents) == 1 else "")
    return Family(rules)


def _inherited(table: DraftTable, search: _Search) -> Family:
    stated = _stated_parent(table, search)
    if stated:
        rules = spelled_out((ByName(stated, table.place),), table, search.source, search.findings)
        return Family(rules, stated)
    if not table.personal:
        return Family()
    own = [name for name, each in search.source.subjects.items() if each.table == table.name]
    if len(own) == 1:
        return Family((IsSubject(own[0]),))
    owned = [
        name for name, link in table.links.links.items() if link.to != table.name and _family(link.to, search).owners
    ]
    owned += list(table.links.matches)
    if len(owned) > 1:
        message = f"{table.name} has {len(owned)} links that lead to a person: {', '.join(owned)}"
        search.findings.add("M032", table.place, message, "say `owner: …`, or `via: …`")
        return Family()
    if not owned:
        return Family()
    return Family(spelled_out((ByName(owned[0], table.place),), table, search.source, search.findings), owned[0])


def _stated_parent(table: DraftTable, search: _Search) -> str | None:
    said = table.follows or table.copy_of or table.via
    if said is None:
        return None
    name, place = said
    known = {*table.links.links} if said is not table.via else {*table.links.links, *table.links.matches}
    if name in known:
        return name
    if name not in table.links.places:
        search.findings.unknown("M015", place, "link", name, known)
    return None


def _grounded(search: _Search) -> None:
    """A row's owners are found in finitely many hops: each owned table has a rule that ends somewhere."""
    grounded: set[str] = set()
    tables = search.source.tables
    while True:
        more = {
            name
            for name, family in search.found.items()
            if name not in grounded and any(_ends(rule, tables[name], grounded) for rule in family.owners)
        }
        if not more:
            break
        grounded |= more
    for name, family in search.found.items():
        if family.owners and name not in grounded:
            table = tables[name]
            place = table.places.get("owner", table.place)
            if _to_nobody(name, search, set()):
                message = f"the owner of {name} leads to a table that is about nobody"
                search.findings.add("M030", place, message, "name an owner there, or `owner: nobody` here")
            else:
                search.findings.add(
                    "M031", place, f"the owners of {name} run in a loop", "name an owner that ends the loop"
                )


def _near(search: _Search) -> None:
    """What judges a row is few hops away: each hop is a query."""
    for name, table in search.source.tables.items():
        at, seen = table, {name}
        while len(seen) <= FARTHEST and (link := at.links.links.get(search.found[at.name].parent)):
            if link.to in seen:
                break
            at = search.source.tables[link.to]
            seen.add(link.to)
        if len(seen) > FARTHEST:
            message = f"{name} is {FARTHEST} tables or more away from the row that it inherits from"
            search.findings.add("M036", table.place, message, TOO_FAR)
            return


def _ends(rule: OwnerRule, table: DraftTable, grounded: set[str]) -> bool:
    match rule:
        case IsSubject() | ByIdentifier():
            return True
        case OwnersOf():
            return table.links.links[rule.link].to in grounded
        case EachOwner():
            return rule.child in grounded


def _to_nobody(name: str, search: _Search, seen: set[str]) -> bool:
    if name in seen:
        return False
    family = search.found[name]
    if not family.owners:
        return True
    ahead = (_ahead(rule, search.source.tables[name]) for rule in family.owners)
    return any(_to_nobody(each, search, seen | {name}) for each in ahead if each in search.found)


def _ahead(rule: OwnerRule, table: DraftTable) -> str:
    match rule:
        case OwnersOf():
            return table.links.links[rule.link].to
        case EachOwner():
            return rule.child
        case _:
            return ""
