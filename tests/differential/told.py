"""What the engine tells persons, beside what the oracle tells them: all of it, and what of it they may take along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ombud.claims.read import Reading
from ombud.documents.extract import Datum
from ombud.engine.answering import Answering
from ombud.engine.extracting import Extracting, Meant, Told
from ombud.engine.gathering import Unclear
from ombud.engine.program import Statements
from ombud.engine.sweep import Sweep
from ombud.terms import IdRef, KeyRef
from tests.differential.access import Answer, Known, answer, persons_of, values_in
from tests.differential.cases import digest
from tests.differential.compared import weighed
from tests.differential.portable import Fates
from tests.differential.portable import given as fates_of


def apart(looks: Sequence[Reading], sweeps: Mapping[str, Sweep], counted: Counter[str]) -> str:
    """Where engine and oracle part in what a person of each world is told; '' where they do not.

    The engine answers all of them at once, source by source; and each alone by gathering, where that can tell.
    """
    asked = [(look, person) for look in looks for person in persons_of(look)]
    wanted = [answer(look, person) for look, person in asked]
    for told in wanted:
        counted.update(f"portability: {each}" for *_, fates in told.values() for each in fates.values())
    for source, sweep in sweeps.items():
        for n, given in enumerate(_given(sweep, [person for _, person in asked])):
            mine = {row: each for row, each in wanted[n].items() if row[0] == source}
            if different := _different(asked[n][0], mine, given):
                return f"{asked[n][1]}\n{different}"
            theirs = _gathered(sweep, *asked[n], counted)
            if theirs is not None and (different := _different(asked[n][0], mine, theirs)):
                return f"gathered: {asked[n][1]}\n{different}"
    return ""


def _gathered(
    sweep: Sweep, look: Reading, person: Known, counted: Counter[str]
) -> dict[tuple[str, str, str], list[Told]] | None:
    """What the engine tells the person without an evaluation; None where it leaves that to one."""
    values = [(ref.kind, v) for ref, v in values_in(look).items() if ref in person.refs]
    source, found = sweep.source.source, dict[tuple[str, str, str], list[Told]]()
    with sweep.connection.begin() as transaction:
        answering = Answering(
            Statements(sweep.connection, sweep.program, ("gather", source, look.today)), sweep.judge, digest
        )
        try:
            if not answering.serves:
                raise Unclear("the map")
            if {r for r in person.refs if isinstance(r, IdRef)} - values_in(look).keys():
                raise Unclear("an identifier known by its hash alone")
            answering.bearers(values)
            for ref in person.refs:
                if isinstance(ref, KeyRef) and ref.source == source:
                    answering.at(sweep.source.subjects[ref.subject], ref.key)
            for each in answering.answer(Meant(person.refs, person.maybe)):
                found.setdefault((source, each.table, each.key), []).append(each)
            counted["access: gathered"] += 1
            return found
        except Unclear as why:
            counted[f"access: left to an evaluation for {why}"] += 1
            return None
        finally:
            transaction.rollback()


def _given(sweep: Sweep, persons: Sequence[Known]) -> list[dict[tuple[str, str, str], list[Told]]]:
    found: list[dict[tuple[str, str, str], list[Told]]] = [{} for _ in persons]
    with sweep.connection.begin() as transaction:
        sweep.evaluation.convene(learning=False)
        meant = [Meant(person.refs, person.maybe) for person in persons]
        for each in Extracting(sweep.evaluation, sweep.judge).answers(meant):
            found[each.person].setdefault((sweep.source.source, each.table, each.key), []).append(each)
        transaction.rollback()
    sweep.evaluation.space.undone()
    return found


def _different(look: Reading, mine: Answer, given: Mapping[tuple[str, str, str], list[Told]]) -> str:
    theirs: dict[tuple[str, str, str], tuple[str, tuple[Datum, ...], bool, Fates]] = {}
    for row, (each,) in given.items():
        fates, wrong = fates_of(look, each)
        if wrong:
            return f"portability of {row}: {wrong}"
        theirs[row] = (each.company, each.data, each.perhaps, fates)
    keyless = {row for row in (*mine, *theirs) if not look.datamap.sources[row[0]].tables[row[1]].key}
    if Counter(_said(mine[r]) for r in keyless & mine.keys()) != Counter(
        _said(theirs[r]) for r in keyless & theirs.keys()
    ):
        return f"tables without a key: {[mine.get(r) for r in keyless]}, {[theirs.get(r) for r in keyless]}"
    for row in sorted({*mine, *theirs} - keyless):
        if row not in mine or row not in theirs or _said(mine[row]) != _said(theirs[row]):
            return f"{row}\n  oracle {mine.get(row)}\n  engine {theirs.get(row)}"
    return ""


def _said(told: tuple[str, tuple[Datum, ...], bool, Fates]) -> object:
    """In a form that is equal to another only if it says the same."""
    company, data, perhaps, fates = told
    return (
        company,
        perhaps,
        frozenset(fates.items()),
        frozenset((d.name, _weight(d.value), d.category, frozenset(d.holds), d.provenance) for d in data),
    )


def _weight(value: object) -> object:
    """A value in a form that tells its type too; of a document, what it says in whatever order."""
    found = weighed(_in_utc(value))
    return found if isinstance(found, tuple) else repr(found)


def _in_utc(value: object) -> object:
    """An instant, whatever the driver calls its zone."""
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
