"""Moments that bound purposes need and a table does not define come through its parent, hop by hop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ombud.datamap.model import Binding, FromChildren, Latest, MomentRule, Through
from ombud.datamap.parse.draft import DraftKind, DraftSource, DraftTable
from ombud.datamap.parse.fields import Findings
from ombud.datamap.resolve.owners import Family
from ombud.datamap.resolve.purposes import Bindings
from ombud.policy.model import Clock, Policy, Purpose, State, While
from ombud.terms import Level, Place

Rules = dict[tuple[str, str], dict[str, MomentRule]]
"""The moments of each kind of each table."""


@dataclass(slots=True)
class _Search:
    source: DraftSource
    families: Mapping[str, Family]
    findings: Findings
    rules: Rules
    asked: dict[tuple[str, str], bool] = field(default_factory=dict)


def moments(
    source: DraftSource,
    families: Mapping[str, Family],
    bound: Bindings,
    possible: Mapping[str, frozenset[str]],
    policy: Policy,
    findings: Findings,
) -> Rules:
    """Every kind's moments, inherited ones spelled out as `Through`. A needed one that nobody has is a finding."""
    rules: Rules = {
        (name, kind.name): {moment: draft.rule for moment, draft in kind.moments.items()}
        for name, table in source.tables.items()
        for kind in table.kinds
    }
    for (child, moment), draft in source.children.items():
        for kind in source.tables[child].kinds if child in source.tables else ():
            rules[child, kind.name][moment] = draft.rule
    search = _Search(source, families, findings, rules)
    for name, table in source.tables.items():
        for kind in table.kinds:
            _stated(table, kind, search)
            for binding in bound[name, kind.name]:
                _bound(table, kind, binding, possible[name], policy, search)
    return rules


def needed(purpose: Purpose, states: Mapping[str, State]) -> frozenset[str]:
    """The moments a purpose reads: its clock's start, and both ends of every state that it or a basis of it names."""
    names = [basis.state for basis in purpose.bases if basis.state]
    found: set[str] = set()
    match purpose.keep:
        case Clock(start=start):
            found.add(start)
        case While(state=state):
            names.append(state)
    for name in names:
        state_ = states.get(name)
        found |= {each for each in (state_.begins, state_.ends) if each} if state_ else set()
    return frozenset(found)


def _stated(table: DraftTable, kind: DraftKind, search: _Search) -> None:
    """What a stated moment reads in other tables must be there."""
    for name, draft in kind.moments.items():
        for there, moment in _reads(table, draft.rule, draft.place, search):
            if not _has(there, moment, search):
                message = f"{name} reads {moment} of {there}, which has none"
                search.findings.add("M050", draft.place, message, f"define {moment} there, or name another moment")


def _reads(table: DraftTable, rule: MomentRule, place: Place, search: _Search) -> Iterator[tuple[str, str]]:
    match rule:
        case Through():
            target = _through(table, rule.link, place, search)
            if target is not None:
                yield target, rule.moment
        case FromChildren() | Latest():
            child = search.source.tables.get(rule.child)
            link = child.links.links.get(rule.link) if child else None
            if link is not None and link.to != table.name:
                message = f"{rule.child}.{rule.link} points at {link.to}"
                search.findings.add("M020", place, message, f"name a link that points at {table.name}")
            elif link is None and child is not None and rule.link in child.links.matches:
                message = f"{rule.child}.{rule.link} is a link by identifier"
                search.findings.add("M020", place, message, "name a link by columns")
            elif child is not None:
                yield rule.child, rule.moment
        case _:
            return


def _through(table: DraftTable, link: str, place: Place, search: _Search) -> str | None:
    if link in table.links.links:
        return table.links.links[link].to
    match = table.links.matches.get(link)
    if match is None:
        return None
    if not match.clocks:
        search.findings.add("M055", place, f"{link} carries rights alone, no clocks", "write `carries: clocks`")
        return None
    return search.source.subjects[match.to].table


def _bound(
    table: DraftTable,
    kind: DraftKind,
    binding: Binding,
    companies: frozenset[str],
    policy: Policy,
    search: _Search,
) -> None:
    place = next((each.place for each in kind.purposes or () if each.purpose == binding.purpose), kind.place)
    having = [policy.purposes[c][binding.purpose] for c in companies if binding.purpose in policy.purposes.get(c, {})]
    for moment in sorted({each for purpose in having for each in needed(purpose, policy.states)}):
        if _kind_has(table, kind, moment, search):
            continue
        message = f"{binding.purpose} needs the moment {moment}, which {kind.name} does not have"
        search.findings.add("M050", place, message, f"add `moments: {{{moment}: …}}`{_why_not(table, search)}")


def _why_not(table: DraftTable, search: _Search) -> str:
    parent = search.families[table.name].parent
    if parent in table.links.matches and not table.links.matches[parent].clocks:
        return f", or let {parent} carry clocks"
    return ", or name the parent it comes from: `via: …`" if table.links.places and not parent else ""


def _has(name: str, moment: str, search: _Search) -> bool:
    """Whether some kind of the table has the moment; inherits it on the way, and warns of kinds that lack it."""
    known = search.asked.get((name, moment))
    if known is not None:
        return known
    search.asked[name, moment] = False
    table = search.source.tables[name]
    having = [_kind_has(table, kind, moment, search) for kind in table.kinds]
    if any(having) and not all(having):
        lacking = ", ".join(kind.name for kind, has in zip(table.kinds, having, strict=True) if not has)
        message = f"{moment} of {name} is read by others, and reads as unknown for the kinds {lacking}"
        search.findings.add("M056", table.place, message, "define it there too, if they should ever end", Level.WARNING)
    search.asked[name, moment] = any(having)
    return any(having)


def _kind_has(table: DraftTable, kind: DraftKind, moment: str, search: _Search) -> bool:
    rules = search.rules[table.name, kind.name]
    if moment in rules:
        return True
    parent = search.families[table.name].parent
    if parent in table.links.links:
        there = table.links.links[parent].to
    elif parent in table.links.matches and table.links.matches[parent].clocks:
        there = search.source.subjects[table.links.matches[parent].to].table
    else:
        return False
    if there == table.name or not _has(there, moment, search):
        return False
    rules[moment] = Through(parent, moment)
    return True
