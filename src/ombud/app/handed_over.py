"""What databases say was handed over: new rows are written down, and of rows that are gone the recipient is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from ombud.app.handings import Handing, handings, tables
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.looked import look_on
from ombud.app.naming import written_key
from ombud.app.rows import Asked, as_here, see
from ombud.app.sources import opened
from ombud.app.telling import LANGUAGE, announce_ends
from ombud.app.telling import Ledger as Telling
from ombud.claims.owners import owners_of
from ombud.claims.persons import identifiers, is_shared, row_of
from ombud.claims.read import Reading, Row, company_of
from ombud.claims.world import Person, Remembered
from ombud.datamap.handed import handed_for
from ombud.register.model import Disclosure, Particulars
from ombud.terms import Finding, IdRef, KeyRef, Level

TOGETHER = 500
"""New rows whose people are looked up at once, where a source is too large to be read whole."""


class Ledger(Telling, Protocol):
    """Handings-over by the rows that tell of them."""

    def known_rows(self, source: str, table: str) -> Mapping[str, int]: ...
    def add_handings(self, handings: Sequence[tuple[Disclosure, Particulars]]) -> tuple[Disclosure, ...]: ...


@dataclass(frozen=True, slots=True)
class Synced:
    """How many handings-over are new, how many rows are gone, and how many notices that makes."""

    new: int = 0
    gone: int = 0
    notices: int = 0
    findings: tuple[Finding, ...] = ()


def sync(loaded: Loaded, ledger: Ledger, language: str = LANGUAGE) -> Synced:
    """Compare what the databases say was handed over with what is written down. Twice is once.

    A row that comes and goes between two looks is not seen: look before each sweep, and after it. A source that cannot
    be read is a finding, and nothing of it is taken for gone.
    """
    digest, _ = loaded.keys()
    new = gone = 0
    findings: list[Finding] = []
    for name, mapped in loaded.datamap.sources.items():
        if not any(table.disclosed for table in mapped.tables.values()):
            continue
        try:
            there = _there(loaded, name, digest)
            for table, rows in there.items():
                known = ledger.known_rows(name, table)
                fresh = [each for row, each in rows.items() if row not in known]
                added, wrong = _write_down(loaded, ledger, name, fresh, digest)
                new, findings = new + added, findings + wrong
                ended = [known[row] for row in known.keys() - rows.keys()]
                gone += ledger.end(ended, loaded.today() - timedelta(days=1))
        except Refused as refusal:
            findings += refusal.findings
    return Synced(new, gone, announce_ends(loaded, ledger, language), tuple(findings))


def _there(loaded: Loaded, name: str, digest: Digest) -> dict[str, dict[str, Handing]]:
    """Each handing-over that stands in a source, by table and by the keyed hash of its row."""
    with opened(loaded, name, read_only=True) as source, source.connection.begin():
        return {
            table.name: {_hashed(digest, each): each for each in handings(source, loaded.policy, table)}
            for table in tables(source)
        }


def _hashed(digest: Digest, each: Handing) -> str:
    return digest("row", f"{each.source}/{each.table}/{each.key}/{each.birth}")


def _write_down(
    loaded: Loaded, ledger: Ledger, name: str, fresh: list[Handing], digest: Digest
) -> tuple[int, list[Finding]]:
    """Write down those of which it is known to whom; C180: the policy has no such recipient, or no purpose for it."""
    findings: list[Finding] = []
    added = unknown = 0
    for some in (fresh[n : n + TOGETHER] for n in range(0, len(fresh), TOGETHER)):
        asked = Asked(rows=tuple((each.source, each.table, each.key) for each in some))
        seen = see(loaded, [name], asked)
        if name in seen.unread or name not in seen.datamap.sources:
            raise Refused(*seen.findings)
        look = look_on(loaded, seen, as_here(loaded.marks(), seen), loaded.today())
        rows = {(row.table.name, written_key(row.key)): row for row in look.every_row() if row.table.disclosed}
        found = [_disclosure(loaded, look, rows.get((each.table, each.key)), each, digest) for each in some]
        unknown += sum(each is None for each in found)
        added += len(ledger.add_handings([each for each in found if each is not None]))
    if unknown:
        message = f"{name}: {unknown} rows were handed to somebody whom the policy does not let have them"
        hint = "correct `disclosed` in the map, or who is handed what; then look again"
        place = loaded.project.sources[name].place
        findings.append(Finding("C180", place, message, hint, Level.WARNING))
    return added, findings


def _disclosure(
    loaded: Loaded, look: Reading, row: Row | None, each: Handing, digest: Digest
) -> tuple[Disclosure, Particulars] | None:
    if row is None or each.recipient not in loaded.policy.recipients:
        return None
    company = company_of(look, row) or ""
    source = loaded.datamap.sources[each.source]
    purposes = handed_for(source, source.tables[each.table], loaded.policy, company, each.recipient)
    if not purposes:
        return None
    persons = frozenset(_hashes(look, digest, owners_of(look, row).certain)) or {("row", _hashed(digest, each))}
    cells = {cell.category for kind in row.table.kinds for cell in kind.cells.values()}
    agreement = loaded.policy.recipients[each.recipient].agreement or ""
    day: date = each.day or loaded.today()
    about = (tuple(sorted(cells)), company, agreement, each.source, each.table)
    disclosure = Disclosure(each.recipient, purposes[0].id, day, frozenset(persons), *about)
    return disclosure, Particulars(_hashed(digest, each), each.name, each.known_as)


def _hashes(look: Reading, digest: Digest, persons: Iterable[Person]) -> Iterator[tuple[str, str]]:
    """The keyed hashes by which these are certainly known; of who has no identifier, that of their row."""
    for person in persons:
        refs = person.refs if isinstance(person, Remembered) else {person}
        for ref in refs:
            if isinstance(ref, IdRef):
                yield ref.kind, ref.digest
        if isinstance(person, KeyRef):
            mine = row_of(look, person)
            known = identifiers(look, mine, look.map_of(mine).subjects[person.subject])
            own = [(each.kind, each.digest) for each in known if not is_shared(look, mine, each)]
            yield from own or [("row", digest("row", f"{person.source}/{person.subject}/{written_key(person.key)}"))]
