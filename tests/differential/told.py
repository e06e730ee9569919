"""What the engine tells persons, beside what the oracle tells them: all of it, and what of it they may take along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from ombud.claims.read import Reading
from ombud.documents.extract import Datum
from ombud.engine.answering import Answering
from ombud.engine.extracting import Extracting
from ombud.engine.gathering import Unclear
from ombud.engine.program import Statements
from ombud.engine.saying import Meant, Told
from ombud.engine.sweep import Sweep
from ombud.terms import IdRef, KeyRef
from tests.differential.access import EACH, Answer, Known, answer, drawing, persons_of, values_in
from tests.differential.cases import digest
from tests.differential.compared import weighed
from tests.differential.portable import Fates
from tests.differential.portable import given as fates_of

Asked = tuple[Reading, Known]
"""A world, and somebody in it."""

ALONE = 4
"""Persons of a crowd who are gathered by themselves as well."""

Given = dict[tuple[str, str, str], list[Told]]


def apart(looks: Sequence[Reading], sweeps: Mapping[str, Sweep], counted: Counter[str]) -> str:
    """Where engine and oracle part in what a person of each world is told; '' where they do not.

    The engine answers all of them at once, source by source; and by gathering, those of whom that can tell.
    """
    asked = drawn(looks, EACH)
    wanted = [answer(look, person) for look, person in asked]
    for told in wanted:
        counted.update(f"portability: {each}" for *_, fates in told.values() for each in fates.values())
    for source, sweep in sweeps.items():
        for n, given in enumerate(_given(sweep, [person for _, person in asked])):
            mine = {row: each for row, each in wanted[n].items() if row[0] == source}
            if different := _different(asked[n][0], mine, given):
                return f"{asked[n][1]}\n{different}"
    return gathered_apart(asked, wanted, sweeps, counted)


def drawn(looks: Iterable[Reading], each: int) -> list[Asked]:
    """So many persons of each world."""
    return [(look, person) for look in looks for person in persons_of(look, each)]


def gathered_apart(
    asked: Sequence[Asked], wanted: Sequence[Answer], sweeps: Mapping[str, Sweep], counted: Counter[str]
) -> str:
    """Where what is gathered, of all at once and of some alone, parts from what the oracle says."""
    for source, sweep in sweeps.items():
        random = drawing(asked[0][0])
        alone = [[n] for n in random.sample(range(len(asked)), min(ALONE, len(asked)))]
        for some in (list(range(len(asked))), *alone):
            answers = _gathered(sweep, [asked[n] for n in some], counted)
            for n, given in zip(some, answers, strict=True):
                mine = {row: each for row, each in wanted[n].items() if row[0] == source}
                if given is not None and (different := _different(asked[n][0], mine, given)):
                    return f"gathered with {len(some)}: {asked[n][1]}\n{different}"
    return ""


def _gathered(sweep: Sweep, asked: Sequence[Asked], counted: Counter[str]) -> list[Given | None]:
    """What the engine tells each without an evaluation; None where it leaves that to one."""
    source, found = sweep.source.source, list[Given | None]({} for _ in asked)
    with sweep.connection.begin() as transaction:
        about = ("gather", source, asked[0][0].today)
        answering = Answering(Statements(sweep.connection, sweep.program, about), sweep.judge, digest)
        if answering.serves:
            left = dict(_found(answering, asked, source))
            persons = [Meant(person.refs, person.maybe) for _, person in asked]
            for each in answering.answers(persons):
                given = found[each.person]
                assert given is not None
                given.setdefault((source, each.table, each.key), []).append(each)
            left |= answering.left
        else:
            left = dict.fromkeys(range(len(asked)), "the map")
        transaction.rollback()
    for n, why in left.items():
        counted[f"access: left to an evaluation for {why}"] += 1
        found[n] = None
    counted["access: gathered"] += len(asked) - len(left)
    return found


def _found(answering: Answering, asked: Sequence[Asked], source: str) -> Iterator[tuple[int, str]]:
    """Look for all of them; who cannot be found, with why."""
    written = [values_in(look) for look, _ in asked]
    answering.bearers(
        (ref.kind, value)
        for (_, person), values in zip(asked, written, strict=True)
        for ref, value in values.items()
        if ref in person.refs
    )
    for n, ((_, person), values) in enumerate(zip(asked, written, strict=True)):
        if {ref for ref in person.refs if isinstance(ref, IdRef)} - values.keys():
            yield n, "an identifier known by its hash alone"
        for ref in person.refs:
            if isinstance(ref, KeyRef) and ref.source == source:
                subject = answering.judge.read.names.source.subjects[ref.subject]
                (bearer,) = answering.at([(subject, ref.key)])
                if isinstance(bearer, Unclear):
                    yield n, str(bearer)


def _given(sweep: Sweep, persons: Sequence[Known]) -> list[Given]:
    found: list[Given] = [{} for _ in persons]
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
