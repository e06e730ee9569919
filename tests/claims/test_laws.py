"""The laws of the whole (spec/claims.md §7), on the oracle, over generated worlds.

`OMBUD_CASES=20000` makes the long run. A law that fails prints the case's number, which is enough to draw it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any, TypeVar

import pytest

from ombud.claims.live import OnRow
from ombud.claims.sweep import sweep
from ombud.claims.verdict import held_by, judge
from ombud.claims.world import Memo, RowId, Values, World
from ombud.datamap.model import CompanyColumn, DataMap, FromChildren, FromColumn, Latest, SourceMap, Table
from ombud.terms import Act, Key, KeyRef, Mark, Outcome, Ref, Unknown, Verdict
from tests.differential.edits import applied
from tests.differential.imports import copied
from tests.differential.worlds import Case, case, digest, refs_in

CASES = int(os.environ.get("OMBUD_CASES", "200"))
PARTS = 10
Answer = TypeVar("Answer")


def cases(part: int) -> Iterator[tuple[int, Case]]:
    """The cases of one part of the run."""
    return ((number, case(number)) for number in range(part, CASES, PARTS))


def swept(drawn: Case, world: World, day: date) -> World:
    return sweep(drawn.policy, drawn.datamap, world, drawn.marks, day, digest)[0]


def judged(drawn: Case, world: World, day: date) -> Mapping[RowId, Verdict]:
    return judge(drawn.policy, drawn.datamap, world, drawn.marks, day, digest)


def by_what_they_say(drawn: Case, world: World, found: Mapping[RowId, Answer]) -> dict[RowId, Answer]:
    """Answers about rows, those without a key by all of their values: such a row's place is nothing of its own."""

    def named(id: RowId) -> RowId:
        source, name, key = id
        if drawn.datamap.sources[source].tables[name].key:
            return id
        return source, name, tuple(sorted((c, repr(v)) for c, v in world.tables[source][name][key[0]].items()))

    return {named(id): answer for id, answer in found.items()}


def held(drawn: Case, world: World, day: date) -> Mapping[RowId, OnRow]:
    return held_by(drawn.policy, drawn.datamap, world, drawn.marks, day, digest)


def moments_of_a_case(drawn: Case) -> Iterator[tuple[World, date]]:
    """The world before each of the case's sweeps, after what was swept and edited until then."""
    world = drawn.world
    for n, day in enumerate(drawn.days):
        world = copied(drawn, world, day)
        yield world, day
        world = swept(drawn, world, day)
        if n < len(drawn.edits):
            world, _ = applied(world, drawn.edits[n])


def alive(on_rows: Mapping[RowId, OnRow]) -> set[tuple[Any, ...]]:
    """What lives, and by what: row, cell, purpose and basis, whoever it is about."""
    found: set[tuple[Any, ...]] = set()
    for row, on in on_rows.items():
        if on.live:
            found.add((row, "lives"))
        claims = [*on.claims, *(claim for cell in on.cells.values() for claim in cell.claims)]
        found |= {(row, claim.cell, claim.purpose, claim.basis) for claim in claims if claim.live}
        found |= {(row, name, "kept") for name, cell in on.cells.items() if cell.kept}
    return found


def no_worse(less: Mapping[RowId, Verdict], more: Mapping[RowId, Verdict]) -> list[RowId]:
    """The rows that `less` deletes, or blanks in, where `more` does not."""
    return [
        row
        for row, verdict in less.items()
        if row in more
        and (
            (verdict.outcome is Outcome.DELETE and more[row].outcome is not Outcome.DELETE)
            or (more[row].outcome is not Outcome.DELETE and not verdict.blank <= more[row].blank)
        )
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_sweep_brings_no_dead_claim_to_life(part: int) -> None:
    for number, drawn in cases(part):
        for world, day in moments_of_a_case(drawn):
            left = swept(drawn, world, day)
            before = alive(by_what_they_say(drawn, world, held(drawn, world, day)))
            after = alive(by_what_they_say(drawn, left, held(drawn, left, day)))
            assert after <= before, (number, day, after - before)


@pytest.mark.parametrize("part", range(PARTS))
def test_sweeping_twice_is_sweeping_once(part: int) -> None:
    for number, drawn in cases(part):
        for world, day in moments_of_a_case(drawn):
            once = swept(drawn, world, day)
            assert swept(drawn, once, day) == once, (number, day)


@pytest.mark.parametrize("part", range(PARTS))
def test_sweeping_on_two_days_leaves_what_sweeping_on_the_second_leaves(part: int) -> None:
    """Unless a mark or the beginning of a state brings a dead claim to life between them.

    Where somebody's judge went before `none` could be believed, the doubt is remembered, and no less is left.
    """
    for number, drawn in cases(part):
        for first, second in zip(drawn.days, drawn.days[1:], strict=False):
            on_first, on_second = (held(drawn, drawn.world, day) for day in (first, second))
            if not alive(on_second) <= alive(on_first):
                continue
            between = swept(drawn, drawn.world, first)
            both, only = swept(drawn, between, second), swept(drawn, drawn.world, second)
            if any(map(is_in_doubt, between.memo.values())):
                assert leaves_no_less(both, only, drawn), (number, first, second)
            else:
                assert both.tables == only.tables, (number, first, second)


@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_else_is_touched_when_a_persons_claims_end(part: int) -> None:
    """What else changes is about them, refers to what goes, or stood as a shell for what goes."""
    for number, drawn in cases(part):
        random, day = Random(number), drawn.days[0]
        persons = [ref for ref in everybody(drawn) if isinstance(ref, KeyRef)]
        if not persons:
            continue
        person = random.choice(persons)
        ended = with_mark(drawn, Mark(10**6, day, Act.ENDED, frozenset({person})))
        before, after = judged(drawn, drawn.world, day), judged(ended, drawn.world, day)
        theirs = {row for row, on in held(drawn, drawn.world, day).items() if is_about(on, person)}
        for row, verdict in after.items():
            freed = before[row].outcome is Outcome.SHELL
            only_unlinked = replace(verdict, unlink=before[row].unlink) == before[row]
            assert row in theirs or freed or only_unlinked, (number, row)
        world = swept(ended, drawn.world, day)
        for source, mapped in drawn.datamap.sources.items():
            for name, rows in drawn.world.tables[source].items():
                if name not in mapped.tables or not mapped.tables[name].personal:
                    assert world.tables[source][name] == rows, (number, name)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_order_of_rows_tables_and_marks_does_not_matter(part: int) -> None:
    for number, drawn in cases(part):
        random, day = Random(number), drawn.days[0]
        tables = {
            source: {name: shuffled(random, rows) for name, rows in shuffled(random, tables.items())}
            for source, tables in drawn.world.tables.items()
        }
        sources = {
            source: replace(mapped, tables=dict(shuffled(random, mapped.tables.items())))
            for source, mapped in shuffled(random, drawn.datamap.sources.items())
        }
        other = replace(drawn, datamap=DataMap(sources), marks=shuffled(random, drawn.marks))
        changed = replace(drawn.world, tables=tables)
        one = by_what_they_say(drawn, drawn.world, judged(drawn, drawn.world, day))
        assert one == by_what_they_say(other, changed, judged(other, changed, day)), number


@pytest.mark.parametrize("part", range(PARTS))
def test_making_a_fact_unknown_never_deletes_or_blanks_more(part: int) -> None:
    """Consent excepted: who cannot show it has none."""
    for number, drawn in cases(part):
        if any(table.marks for mapped in drawn.datamap.sources.values() for table in mapped.tables.values()):
            continue
        random = Random(number)
        for world, day in moments_of_a_case(drawn):
            before = judged(drawn, world, day)
            for blurred in one_fact_unknown(random, drawn, world):
                worse = no_worse(judged(drawn, blurred, day), before)
                assert not worse, (number, day, worse)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hold_never_deletes_or_blanks_more(part: int) -> None:
    for number, drawn in cases(part):
        random = Random(number)
        refs = list(everybody(drawn))
        for world, day in moments_of_a_case(drawn):
            for _ in range(3 if refs else 0):
                purpose = random.choice((None, "p0", "p1"))
                company = random.choice((None, *drawn.policy.companies))
                hold = Mark(10**6, day, Act.HELD, frozenset({random.choice(refs)}), purpose, company)
                worse = no_worse(judged(with_mark(drawn, hold), world, day), judged(drawn, world, day))
                assert not worse, (number, day, worse, hold)


# --- what the laws speak of -------------------------------------------------------------------------------------


def is_in_doubt(memo: Memo) -> bool:
    said = [*memo.moments.values(), *(moment for _, moment in memo.latest.values())]
    return any(isinstance(each, Unknown) for each in said) or any(owners.open for owners in memo.owners.values())


def leaves_no_less(both: World, only: World, drawn: Case) -> bool:
    """Whether each row that `only` left is left by `both`, with each cell as it was or as it is there."""
    for source, mapped in drawn.datamap.sources.items():
        for name, table in mapped.tables.items():
            first, left = by_key(table, drawn.world.tables[source][name]), by_key(table, both.tables[source][name])
            for key, row in by_key(table, only.tables[source][name]).items():
                if key not in left or any(left[key][c] not in (first[key][c], row[c]) for c in row):
                    return False
    return True


def by_key(table: Table, rows: Iterable[Values]) -> dict[Key, Values]:
    return {tuple(row[column] for column in table.key or sorted(row)): row for row in rows}


def everybody(drawn: Case) -> list[Ref]:
    """Every ref that names a living row or an identifier of this case."""
    return list(refs_in(drawn.datamap.sources, drawn.world))


def with_mark(drawn: Case, mark: Mark) -> Case:
    return replace(drawn, marks=(*drawn.marks, mark))


def is_about(on: OnRow, person: KeyRef) -> bool:
    claims = [*on.claims, *(claim for cell in on.cells.values() for claim in cell.claims)]
    return any(claim.owner == person for claim in claims)


def shuffled(random: Random, things: Iterable[Any]) -> tuple[Any, ...]:
    listed = list(things)
    random.shuffle(listed)
    return tuple(listed)


def one_fact_unknown(random: Random, drawn: Case, world: World) -> Iterator[World]:
    """The world with one value made unreadable: a moment's, a company's or a kind's.

    Columns that a birth stamp or another test reads are left: to change them is to say something else.
    """
    for source, mapped in drawn.datamap.sources.items():
        for table in mapped.tables.values():
            rows = world.tables[source][table.name]
            columns = list(blurring(table, mapped))
            if not rows or not columns:
                continue
            at, (column, value) = random.randrange(len(rows)), random.choice(columns)
            after = tuple({**row, column: value} if n == at else row for n, row in enumerate(rows))
            tables = {**world.tables, source: {**world.tables[source], table.name: after}}
            yield replace(world, tables=tables)


def blurring(table: Table, mapped: SourceMap) -> Iterator[tuple[str, Any]]:
    """Columns, and a value that nobody can read."""
    if isinstance(table.company, CompanyColumn):
        yield table.company.column, "nobody knows"
    for kind in table.kinds:
        for rule in kind.moments.values():
            for each in rule.columns if isinstance(rule, FromColumn) else ():
                if table.born is None or each.column != table.born.column:
                    yield each.column, "soon"
    if len(table.kinds) > 1 and not is_tested_elsewhere(table, mapped):
        yield "type", "no such kind"


def is_tested_elsewhere(table: Table, mapped: SourceMap) -> bool:
    """Whether a link, a parent, or an identifier's place tests the column that tells the kind."""
    rules = [r for t in mapped.tables.values() for kind in t.kinds for r in kind.moments.values()]
    counted = any(
        ((isinstance(r, FromChildren) and r.where) or (isinstance(r, Latest) and r.when)) and r.child == table.name
        for r in rules
    )
    places = any(place.where for subject in mapped.subjects.values() for place in subject.identifiers)
    links = any(link.when for t in mapped.tables.values() for link in t.links.values())
    return counted or places or links
