"""What came of a case's constructs in a sweep, by the oracle: which claims died of what, and what was remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ombud.claims.files import File, removed
from ombud.claims.live import OnRow
from ombud.claims.read import Reading, Row, is_empty, kind_of
from ombud.claims.verdict import held
from ombud.claims.world import Memo, Remembered, RowId, World
from ombud.datamap.model import DataMap
from ombud.policy.model import Clock
from ombud.terms import IdRef, KeyRef, Outcome, Verdict
from tests.differential.census_maps import of_table


def lived(look: Reading, judged: Mapping[RowId, Verdict], after: World) -> Counter[str]:
    """What this sweep did, and why; `… → went` of a rule in a table that lost rows, `→ blanked` cells."""
    found = Counter(f"outcome: {verdict.outcome}" for verdict in judged.values())
    lost = (
        look.datamap.sources[source].tables[table].links[name]
        for (source, table, _), verdict in judged.items()
        for name in verdict.unlink
    )
    found["outcome: unlink, to an absent value"] += sum(bool(link.absent) for link in lost)
    found["outcome: unlink"] += sum(len(verdict.unlink) for verdict in judged.values())
    before, holding = look.world, held(look)
    found.update(_by_table(look.datamap, before, judged))
    for row in look.every_row():
        if row.id in holding:
            found.update(_why(look, row, holding[row.id]))
    for id, memo in after.memo.items():
        found.update(f"memo: {what}" for what in _remembered(memo))
        found["memo: kept from before"] += before.memo.get(id) == memo
    found["memo: dropped, the row is born otherwise or gone"] += len([id for id in before.memo if id not in after.memo])
    found["memo: consent columns"] += len(after.said - before.said)
    files = removed(look, judged)
    found["file: goes"] += len(files)
    found["file: stays, for a cell that stays names it"] += len({*_named_by_what_goes(look, judged)} - files)
    return +found


def _named_by_what_goes(look: Reading, judged: Mapping[RowId, Verdict]) -> Iterator[File]:
    for row in look.every_row():
        kind, verdict = kind_of(look, row), judged[row.id]
        for cell in kind.cells.values() if kind else ():
            goes = verdict.outcome is Outcome.DELETE or cell.name in verdict.blank
            if cell.file and goes and not is_empty(cell, row):
                yield row.source, cell.file, row.values[cell.column]


def _by_table(datamap: DataMap, world: World, judged: Mapping[RowId, Verdict]) -> Iterator[str]:
    did: dict[tuple[str, str], set[str]] = {}
    for (source, table, _), verdict in judged.items():
        if verdict.outcome is Outcome.DELETE:
            did.setdefault((source, table), set()).add("went")
        if verdict.blank:
            did.setdefault((source, table), set()).add("blanked")
    for (source, name), what in did.items():
        mapped = datamap.sources[source]
        for construct in set(of_table(mapped, mapped.tables[name], world.schemas[source])):
            yield from (f"{construct} → {each}" for each in what)


def _why(look: Reading, row: Row, on: OnRow) -> Iterator[str]:
    if on.doubt:
        yield f"row: doubt, {on.doubt}"
        return
    yield from ("row: unreached" for _ in range(on.unreached))
    yield from ("row: wholly protected" for _ in range(on.whole))
    follows = row.table.follows or row.table.copy_of
    kind = None if follows else kind_of(look, row)
    for claim in on.claims:
        yield f"claim: {_owner(claim.owner, claim.certain)}"
        yield f"claim: {'lives' if claim.live else 'dead'}, {_in_general(claim.reason)}"
        keep = look.policy.purposes[claim.company][claim.purpose].keep
        if kind and isinstance(keep, Clock) and keep.start in kind.moments and claim.moment is not None:
            rule = kind.moments[keep.start]
            yield f"clock: {type(rule).__name__} says {type(claim.moment).__name__}"
    for cell in on.cells.values():
        yield from ("cell: doubt" for _ in range(bool(cell.doubt)))
        yield from ("cell: unreached" for _ in range(cell.unreached))
        yield from ("cell: wholly protected" for _ in range(cell.whole))
        for claim in cell.claims:
            yield f"cell claim: {_owner(claim.owner, claim.certain)}, {'lives' if claim.live else 'dead'}"


def _owner(owner: object, certain: bool) -> str:
    match owner:
        case KeyRef():
            person = "a living row"
        case IdRef():
            person = "a hash"
        case Remembered(maybe=maybe):
            person = "a remembered person" + (" with shared identifiers" if maybe and certain else "")
        case _:
            return f"owner {owner}"
    return f"owner {person}, {'certain' if certain else 'a candidate'}"


def _in_general(reason: str) -> str:
    """Without the names of moments and states."""
    words = ("has not begun", "is over", "does not apply")
    return next((f"… {each}" for each in words if reason.endswith(each)), reason)


def _remembered(memo: Memo) -> Iterator[str]:
    yield from ("company" for _ in range(memo.company is not None))
    yield from (type(rule).__name__ for rule in memo.moments)
    yield from ("Latest" for _ in memo.latest)
    for rule, owners in memo.owners.items():
        yield type(rule).__name__
        yield from (f"{type(rule).__name__}, open" for _ in range(owners.open))
        yield from (f"{type(rule).__name__}, candidates" for _ in owners.candidates)
    yield from ("an identifier" for _ in memo.identifiers)
    yield from ("an identifier that was shared" for _ in memo.shared)
    yield from ("several candidates" for _ in memo.several)
