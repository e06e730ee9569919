"""Explain: what is held about a person, or on a row, for which purpose, until when, and what goes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ombud.app.gone import Went, plans_on, some, went
from ombud.app.held import HeldRow, held_row, is_one_of
from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import identifier_of, no_row, only, row_of, written_key
from ombud.app.register_kept import check_register
from ombud.app.rows import Asked, Seen, as_here, see
from ombud.app.sources import opened
from ombud.claims.copies import copied_from, kept
from ombud.claims.learning import learned
from ombud.claims.live import Claim
from ombud.claims.owners import own_owners, owners_of
from ombud.claims.persons import bearers, identifiers, is_shared, key_ref
from ombud.claims.read import Reading, Row, kind_of
from ombud.claims.verdict import verdicts
from ombud.claims.world import Copied
from ombud.datamap.model import Imported
from ombud.terms import Finding, IdRef, KeyRef, Mark, Place, Ref


@dataclass(frozen=True, slots=True)
class Explained:
    """All that is held about a person on a day. `persons` are the rows of subjects that are theirs, `gone` were.

    `read` are the sources that were looked at, `unread` those that were not: nothing is known of them.
    """

    day: date
    persons: tuple[KeyRef, ...]
    rows: tuple[HeldRow, ...]
    gone: tuple[Went, ...] = ()
    findings: tuple[Finding, ...] = ()
    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


# --- one person -------------------------------------------------------------------------------------------------


def person(loaded: Loaded, subjects: Iterable[str], on: date | None) -> Explained:
    """Everything held about the person with these identifiers. A source that cannot be read is a finding."""
    check_register(loaded)
    digest, register = loaded.keys()
    asked = frozenset(
        IdRef(kind, digest(kind, value)) for kind, value in (identifier_of(loaded, text) for text in subjects)
    )
    day = on or loaded.today()
    seen = see(loaded, loaded.datamap.sources, Asked(refs=asked))
    today, tomorrow = _looks(loaded, seen, register.marks(), day)
    refs = _known_as(today, asked)
    judged = verdicts(today), verdicts(tomorrow)
    rows = tuple(_named(seen, held_row(today, row, refs, judged, certain)) for row, certain in _about(today, refs))
    gone, unseen = _gone(loaded, seen, refs)
    persons = tuple(sorted(ref for ref in refs if isinstance(ref, KeyRef)))
    read = tuple(name for name in loaded.datamap.sources if name not in seen.unread)
    return Explained(day, persons, rows, gone, (*seen.findings, *unseen), read, seen.unread)


def _gone(loaded: Loaded, seen: Seen, refs: frozenset[Ref]) -> tuple[tuple[Went, ...], tuple[Finding, ...]]:
    """The rows of subjects that were the person's, as far as what is left remembers them."""
    gone: list[Went] = []
    findings: list[Finding] = []
    for name, remembered in seen.remembered.items():
        theirs = {ref for each in remembered if each.refs & refs for ref in each.refs if isinstance(ref, KeyRef)}
        if not theirs - refs:
            continue
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                for ref in sorted(theirs - refs, key=lambda ref: (ref.subject, written_key(ref.key), ref.birth)):
                    table = source.source.subjects[ref.subject].table
                    found = went(source, table, tuple(map(str, ref.key)), remembered=True)
                    gone += [found] if found else []
        except Refused as refusal:
            findings += refusal.findings
    return tuple(gone), tuple(findings)


def _looks(loaded: Loaded, seen: Seen, marks: Iterable[Mark], day: date) -> tuple[Reading, Reading]:
    here = as_here(marks, seen)
    return look_on(loaded, seen, here, day), look_on(loaded, seen, here, day + timedelta(days=1))


def look_on(loaded: Loaded, seen: Seen, marks: Iterable[Mark], day: date) -> Reading:
    """What was read, as a sweep of that day would see it; marks with keys as the sources' drivers return them."""
    digest, _ = loaded.keys()
    look = Reading(loaded.policy, seen.datamap, seen.world, marks, day, digest)
    world = replace(seen.world, imports=_copied(look))
    return learned(Reading(loaded.policy, seen.datamap, world, marks, day, digest))


def _copied(look: Reading) -> Mapping[tuple[str, str, str, str], Copied]:
    """Days that one source takes from another, read there now; of who is there no more, as they were last copied."""
    before = look.world.imports
    wanted = {
        (rule.source, rule.subject, rule.moment, rule.match)
        for source in look.datamap.sources.values()
        for table in source.tables.values()
        for kind in table.kinds
        for rule in kind.moments.values()
        if isinstance(rule, Imported)
    }
    return {
        each: Copied(True, kept(before[each].told if each in before else {}, copied_from(look, *each)))
        for each in wanted
        if each[0] in look.datamap.sources
    }


def _known_as(look: Reading, asked: frozenset[IdRef]) -> frozenset[Ref]:
    """Every ref by which the person is certainly known: their rows, these rows' identifiers, until nothing is new."""
    found: set[Ref] = set(asked)
    fresh = set(asked)
    while fresh:
        ref = fresh.pop()
        for source, mapped in look.datamap.sources.items():
            for subject, row in bearers(look, source, ref):
                own = key_ref(row, subject)
                if own in found or (ref not in asked and is_shared(look, row, ref)):
                    continue
                found.add(own)
                theirs = {r for r in identifiers(look, row, mapped.subjects[subject]) if not is_shared(look, row, r)}
                fresh |= theirs - found
                found |= theirs
    return frozenset(found)


def _about(look: Reading, refs: frozenset[Ref]) -> Iterator[tuple[Row, bool]]:
    """The rows about the person, certainly or perhaps."""
    for row in look.every_row():
        if not row.table.personal:
            continue
        owners = owners_of(look, row)
        kind = kind_of(look, row)
        for cell in kind.cells.values() if kind else ():
            owners |= own_owners(look, row, cell)
        if any(is_one_of(each, refs) for each in owners.certain):
            yield row, True
        elif any(is_one_of(each, refs) for each in owners.candidates):
            yield row, False


def _named(seen: Seen, held: HeldRow) -> HeldRow:
    """The same, with its row and those that keep it as people name them."""
    source = held.row[0]
    leaning = (
        replace(keeper, keys=tuple(seen.named((source, keeper.table, key))[2] for key in keeper.keys))
        for keeper in held.keepers
    )
    return replace(held, row=seen.named(held.row), keepers=tuple(leaning))


# --- one row ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One row's claims, live and dead. `numbered`: its table has no key, so it is named by where it lies now."""

    day: date
    row: HeldRow
    claims: tuple[Claim, ...] = field(default=())
    findings: tuple[Finding, ...] = ()
    numbered: bool = False


def one_row(loaded: Loaded, text: str, on: date | None) -> ExplainedRow | Went:
    """What holds one row: every claim on it and on its cells; or how it went. Raises Refused where nothing is known."""
    source, table, wanted = row_of(loaded, text)
    check_register(loaded)
    day = on or loaded.today()
    seen = see(loaded, [source], Asked(row=(source, table, wanted)))
    if source not in seen.datamap.sources:
        raise Refused(*seen.findings)
    _, register = loaded.keys()
    today, tomorrow = _looks(loaded, seen, register.marks(), day)
    row = only([r for r in today.rows[source, table] if written_key(seen.named(r.id)[2]) == wanted], Place("ROW"))
    if row is None:
        if gone := _row_that_went(loaded, seen, source, table, wanted):
            return gone
        if (source, table) in seen.numbers:
            message = f"{source}.{table} has no row with this number"
            hint = f"a row without a key is found by where it lies, which changes: ombud plan --rows {source}.{table}"
            raise Refused(Finding("C063", Place("ROW"), message, hint))
        mapped = seen.datamap.sources[source].tables[table]
        raise Refused(no_row(source, mapped, wanted, Place("ROW"), _perhaps_with(loaded, source, table)))
    held = _named(seen, held_row(today, row, frozenset(), (verdicts(today), verdicts(tomorrow)), certain=True))
    claims = held.held.claims + tuple(claim for cell in held.cells for claim in cell.held.claims)
    return ExplainedRow(day, held, claims, seen.findings, (source, table) in seen.numbers)


def _perhaps_with(loaded: Loaded, name: str, table: str) -> str:
    """With which plans a row may have gone of which nothing is kept."""
    with opened(loaded, name, read_only=True) as source, source.connection.begin():
        plans = plans_on(source, table)
    if not plans:
        return "no receipt of a plan names this table: if there was such a row, ombud did not take it"
    forgotten = "which rows is forgotten when the next plan is made"
    return f"plans that deleted or blanked rows of it: {some(plans)}; {forgotten}"


def _row_that_went(loaded: Loaded, seen: Seen, name: str, table: str, wanted: str) -> Went | None:
    mapped = seen.datamap.sources[name]
    parts = tuple(wanted.split(",")) if len(mapped.tables[table].key) > 1 else (wanted,)
    subjects = {subject.name for subject in mapped.subjects.values() if subject.table == table}
    refs = (ref for each in seen.remembered[name] for ref in each.refs if isinstance(ref, KeyRef))
    remembered = any(ref.subject in subjects and written_key(ref.key) == wanted for ref in refs)
    if len(parts) != len(mapped.tables[table].key):
        return None
    with opened(loaded, name, read_only=True) as source, source.connection.begin():
        return went(source, table, parts, remembered=remembered)
