"""Explain: what is held about a person, or on a row, for which purpose, until when, and what goes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ombud.app.gone import Went, plans_on, some, went
from ombud.app.leaning import Keeper, keepers
from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import identifier_of, no_row, row_of, written_key
from ombud.app.protection import by_mark, by_marks, wholly_by
from ombud.app.rows import Asked, Seen, as_here, see
from ombud.app.sources import opened
from ombud.app.waiting import waiting
from ombud.app.words import no_kind
from ombud.claims.copies import copied_from, kept
from ombud.claims.live import Claim, OnCell, OnRow, on_row, root_of
from ombud.claims.owners import own_owners, owners_of
from ombud.claims.persons import bearers, identifiers, is_shared, key_ref
from ombud.claims.read import Reading, Row, company_of, is_readable, kind_of, value_of
from ombud.claims.verdict import verdicts
from ombud.claims.world import Copied, Person, Remembered, RowId
from ombud.datamap.columns import key_values
from ombud.datamap.model import Imported
from ombud.datamap.rules import read_by
from ombud.terms import Finding, IdRef, KeyRef, Mark, Outcome, Place, Ref, Verdict


@dataclass(frozen=True, slots=True)
class HeldCell:
    """A cell that is not empty: its value, what holds it, and whether it goes today or tomorrow.

    `fixed` says why it is never blanked and goes with its row alone, such as a rule that reads its column; a document
    that cannot be read is not `readable`. `protected` names the marks that keep all of it.
    """

    name: str
    value: object
    category: str
    held: OnCell
    about: bool
    due: bool
    tomorrow: bool
    fixed: str = ""
    readable: bool = True
    protected: str = ""

    @property
    def live(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.held.claims if claim.live)

    @property
    def with_its_row(self) -> bool:
        """Whether nothing holds it, and it is there only because it is not blanked before its row goes."""
        held = self.held.doubt or self.held.whole or self.held.unreached or self.live
        return bool(self.fixed and not self.due and not held)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row about the person (`certain`, or perhaps), what holds it, and what happens to it today and tomorrow.

    `company` is its company's id, empty if that is not known. `keepers` is what keeps it where it stays as a shell,
    `protected` names the marks that keep all of it, `waiting` says what it lacks where its grace keeps it.
    """

    row: RowId
    held: OnRow
    cells: tuple[HeldCell, ...]
    today: Verdict
    tomorrow: Verdict
    certain: bool
    company: str = ""
    keepers: tuple[Keeper, ...] = ()
    protected: str = ""
    waiting: str = ""

    @property
    def due(self) -> bool:
        return self.today.outcome is Outcome.DELETE

    @property
    def goes_tomorrow(self) -> bool:
        return not self.due and self.tomorrow.outcome is Outcome.DELETE


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
    digest, register = loaded.keys()
    asked = frozenset(
        IdRef(kind, digest(kind, value)) for kind, value in (identifier_of(loaded, text) for text in subjects)
    )
    day = on or loaded.today()
    seen = see(loaded, loaded.datamap.sources, Asked(refs=asked))
    today, tomorrow = _looks(loaded, seen, register.marks(), day)
    refs = _known_as(today, asked)
    judged = verdicts(today), verdicts(tomorrow)
    rows = tuple(_named(seen, _held(today, row, refs, judged, certain)) for row, certain in _about(today, refs))
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
    digest, _ = loaded.keys()
    here = as_here(marks, seen)
    found = []
    for each in (day, day + timedelta(days=1)):
        look = Reading(loaded.policy, seen.datamap, seen.world, here, each, digest)
        world = replace(seen.world, imports=_copied(look))
        found.append(Reading(loaded.policy, seen.datamap, world, here, each, digest))
    return found[0], found[1]


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
        if any(_is(each, refs) for each in owners.certain):
            yield row, True
        elif any(_is(each, refs) for each in owners.candidates):
            yield row, False


def _is(person: Person, refs: frozenset[Ref]) -> bool:
    return bool(person.refs & refs) if isinstance(person, Remembered) else person in refs


def _held(
    look: Reading,
    row: Row,
    refs: frozenset[Ref],
    judged: tuple[Mapping[RowId, Verdict], Mapping[RowId, Verdict]],
    certain: bool,
) -> HeldRow:
    held, kind = on_row(look, row), kind_of(look, row)
    today, tomorrow = judged[0][row.id], judged[1][row.id]
    rules = read_by(look.map_of(row))[row.table.name]
    root, company = root_of(look, row) or row, company_of(look, row) or ""
    whole = wholly_by(look, row.source, owners_of(look, root), company) if held.whole else ""
    cells = []
    for name, cell in kind.cells.items() if kind else ():
        on_cell = by_marks(look, held.cells.get(name, OnCell(doubt=held.doubt)))
        if on_cell.empty:
            continue
        own = own_owners(look, row, cell) or owners_of(look, row)
        about = not refs or any(_is(each, refs) for each in own.certain | own.candidates)
        due = today.outcome is Outcome.DELETE or name in today.blank
        later = not due and (tomorrow.outcome is Outcome.DELETE or name in tomorrow.blank)
        value = value_of(cell, row)
        theirs = own_owners(look, row, cell) or owners_of(look, root)
        marks = wholly_by(look, row.source, theirs, company) if on_cell.whole else ""
        readable = is_readable(cell, row)
        fixed = _fixed(row, rules.get(cell.column, ()), readable=readable) if not held.doubt else ""
        cells.append(HeldCell(name, value, cell.category, on_cell, about, due, later, fixed, readable, marks))
    leaning = keepers(look, row, judged[0]) if today.outcome is Outcome.SHELL else ()
    wait = waiting(look, root, held)
    held = replace(held, claims=tuple(by_mark(look, claim) for claim in held.claims))
    if kind is None:
        held = replace(held, doubt=no_kind(row.table))
        cells += _unlisted(row, held)
    whole = whole or "; ".join(dict.fromkeys(cell.protected for cell in cells if cell.protected))
    return HeldRow(row.id, held, tuple(cells), today, tomorrow, certain, company, leaning, whole, wait)


def _unlisted(row: Row, held: OnRow) -> Iterator[HeldCell]:
    """The value under a key that the map does not list: it stays with its row, in doubt."""
    columns = key_values(row.table)
    value = row.values.get(columns[1]) if columns else None
    if columns and value not in (None, ""):
        yield HeldCell(columns[1], value, "", OnCell(doubt=held.doubt), about=True, due=False, tomorrow=False)


def _fixed(row: Row, rules: tuple[str, ...], *, readable: bool) -> str:
    """Why a cell is not blanked while its row stays (spec/claims.md §4 and §5); '' where it can be."""
    if not readable:
        return "its document cannot be read"
    if rules:
        return f"{' and '.join(rules)} {'reads' if len(rules) == 1 else 'read'} it"
    return "" if row.table.key else "its table has no key"


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
    day = on or loaded.today()
    seen = see(loaded, [source], Asked(row=(source, table, wanted)))
    if source not in seen.datamap.sources:
        raise Refused(*seen.findings)
    _, register = loaded.keys()
    today, tomorrow = _looks(loaded, seen, register.marks(), day)
    row = next((r for r in today.rows[source, table] if written_key(seen.named(r.id)[2]) == wanted), None)
    if row is None:
        if gone := _row_that_went(loaded, seen, source, table, wanted):
            return gone
        if (source, table) in seen.numbers:
            message = f"{source}.{table} has no row with this number"
            hint = f"a row without a key is found by where it lies, which changes: ombud plan --rows {source}.{table}"
            raise Refused(Finding("C063", Place("ROW"), message, hint))
        mapped = seen.datamap.sources[source].tables[table]
        raise Refused(no_row(source, mapped, wanted, Place("ROW"), _perhaps_with(loaded, source, table)))
    held = _named(seen, _held(today, row, frozenset(), (verdicts(today), verdicts(tomorrow)), certain=True))
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
