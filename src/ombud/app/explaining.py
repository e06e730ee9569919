"""Explain: what is held about a person, or on a row, for which purpose, until when, and what goes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ombud.app.gone import Went, plans_on, some, went
from ombud.app.held import HeldRow, held_row
from ombud.app.known import Known, Wanted, known
from ombud.app.loaded import Loaded, Refused
from ombud.app.looked import AsRead, look_on
from ombud.app.naming import identifier_of, no_row, only, row_of, written_key
from ombud.app.register_kept import check_register
from ombud.app.rows import Asked, Seen, as_here, see
from ombud.app.sources import opened
from ombud.claims.live import Claim
from ombud.claims.owners import own_owners, owners_of
from ombud.claims.read import Reading, Row, kind_of
from ombud.claims.verdict import verdicts
from ombud.terms import Finding, KeyRef, Mark, Place, Ref


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
    named = [identifier_of(loaded, text) for text in subjects]
    asked = Wanted({(kind, digest(kind, value)): value for kind, value in named})
    day = on or loaded.today()
    seen = see(loaded, loaded.datamap.sources, Asked(refs=asked.asked))
    today, tomorrow = _looks(loaded, seen, register.marks(), day)
    person = known([asked], AsRead(today))[0].known
    refs, judged = person.known, (verdicts(today), verdicts(tomorrow))
    rows = tuple(_named(seen, held_row(today, row, refs, judged, certain)) for row, certain in _about(today, person))
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


def _about(look: Reading, person: Known) -> Iterator[tuple[Row, bool]]:
    """The rows about the person, certainly or perhaps."""
    for row in look.every_row():
        if not row.table.personal:
            continue
        owners = owners_of(look, row)
        kind = kind_of(look, row)
        for cell in kind.cells.values() if kind else ():
            owners |= own_owners(look, row, cell)
        if person.certainly(owners):
            yield row, True
        elif person.perhaps(owners):
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
