"""The laws of the whole (spec/claims.md §7) as the oracle must keep them, each asserted of one generated case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any, TypeVar

from ombud.claims.learning import learned
from ombud.claims.live import OnRow
from ombud.claims.read import Reading
from ombud.claims.sweep import swept
from ombud.claims.verdict import held, verdicts
from ombud.claims.world import Memo, RowId, Values, World
from ombud.datamap.model import CompanyColumn, DataMap, FromChildren, FromColumn, Latest, SourceMap, Table
from ombud.terms import Act, Key, KeyRef, Mark, Outcome, Ref, Unknown, Verdict
from tests.differential.cases import Case
from tests.differential.compared import apart
from tests.differential.edits import applied
from tests.differential.happenings import refs_in
from tests.differential.imports import copied

Answer = TypeVar("Answer")


class Told:
    """What the oracle tells of a case. Each world is looked at once a day, however many laws ask."""

    def __init__(self, number: int, case: Case) -> None:
        self.number, self.case = number, case
        self._looks: dict[tuple[int, date], tuple[World, Reading]] = {}
        self._after: dict[tuple[int, date], World] = {}
        self._moments: list[tuple[World, date]] = []

    def _look(self, world: World, day: date) -> Reading:
        """As a sweep looks at it: who is remembered is known by what their row says by then."""
        # The world is kept, so that no other can have its id.
        if (id(world), day) not in self._looks:
            self._looks[id(world), day] = world, learned(self.case.look(world, day))
        return self._looks[id(world), day][1]

    def after(self, world: World, day: date) -> World:
        """The world after a sweep."""
        if (id(world), day) not in self._after:
            self._after[id(world), day] = swept(self._look(world, day))[0]
        return self._after[id(world), day]

    def judged(self, world: World, day: date) -> Mapping[RowId, Verdict]:
        return verdicts(self._look(world, day))

    def held(self, world: World, day: date) -> Mapping[RowId, OnRow]:
        return held(self._look(world, day))

    def moments(self) -> Iterable[tuple[World, date]]:
        """The world before each of the case's sweeps, after what was swept and edited until then."""
        if not self._moments:
            world = self.case.world
            for n, day in enumerate(self.case.days):
                world = copied(self.case, world, day)
                self._moments.append((world, day))
                world = self.after(world, day)
                if n < len(self.case.edits):
                    world, _ = applied(world, self.case.edits[n])
        return self._moments

    def changed(self, **fields: Any) -> Told:
        """The same case with something else in it."""
        return Told(self.number, replace(self.case, **fields))


def no_dead_claim_comes_to_life(told: Told) -> None:
    """A sweep brings no dead claim to life."""
    for world, day in told.moments():
        left = told.after(world, day)
        before = alive(by_what_they_say(told.case, world, told.held(world, day)))
        after = alive(by_what_they_say(told.case, left, told.held(left, day)))
        assert after <= before, (day, after - before)


def twice_is_once(told: Told) -> None:
    for world, day in told.moments():
        once = told.after(world, day)
        assert told.after(once, day) == once, day


def two_days_leave_what_the_second_leaves(told: Told) -> None:
    """Unless a mark or the beginning of a state brings a dead claim to life between them.

    Where somebody's judge went before `none` could be believed, the doubt is remembered, and no less is left.
    """
    drawn = told.case
    for first, second in zip(drawn.days, drawn.days[1:], strict=False):
        on_first, on_second = (told.held(drawn.world, day) for day in (first, second))
        if not alive(on_second) <= alive(on_first):
            continue
        between = told.after(drawn.world, first)
        both, only = told.after(between, second), told.after(drawn.world, second)
        if any(map(is_in_doubt, between.memo.values())):
            assert leaves_no_less(both, only, drawn), (first, second)
        else:
            assert leaves_the_same(both, only, drawn), (first, second)


def nobody_else_is_touched(told: Told) -> None:
    """When a person's claims end, what changes is about them, refers to what goes, or stood as a shell for it."""
    drawn, random = told.case, Random(told.number)
    day = drawn.days[0]
    persons = [ref for ref in everybody(drawn) if isinstance(ref, KeyRef)]
    if not persons:
        return
    person = random.choice(persons)
    ended = told.changed(marks=(*drawn.marks, Mark(10**6, day, Act.ENDED, frozenset({person}))))
    before, after = told.judged(drawn.world, day), ended.judged(drawn.world, day)
    theirs = {row for row, on in told.held(drawn.world, day).items() if is_about(on, person)}
    for row, verdict in after.items():
        freed = before[row].outcome is Outcome.SHELL
        only_unlinked = replace(verdict, unlink=before[row].unlink) == before[row]
        assert row in theirs or freed or only_unlinked, row
    world = ended.after(drawn.world, day)
    for source, mapped in drawn.datamap.sources.items():
        for name, rows in drawn.world.tables[source].items():
            if name not in mapped.tables or not mapped.tables[name].personal:
                assert world.tables[source][name] == rows, name


def order_does_not_matter(told: Told) -> None:
    """Of rows, tables, sources and marks."""
    drawn, random = told.case, Random(told.number)
    day = drawn.days[0]
    tables = {
        source: {name: shuffled(random, rows) for name, rows in shuffled(random, tables.items())}
        for source, tables in drawn.world.tables.items()
    }
    sources = {
        source: replace(mapped, tables=dict(shuffled(random, mapped.tables.items())))
        for source, mapped in shuffled(random, drawn.datamap.sources.items())
    }
    other = told.changed(datamap=DataMap(sources), marks=shuffled(random, drawn.marks))
    changed = replace(drawn.world, tables=tables)
    one = by_what_they_say(drawn, drawn.world, told.judged(drawn.world, day))
    assert one == by_what_they_say(other.case, changed, other.judged(changed, day))


def doubt_keeps(told: Told) -> None:
    """Making a fact unknown never deletes or blanks more. Consent excepted: who cannot show it has none."""
    drawn, random = told.case, Random(told.number)
    if any(table.marks for mapped in drawn.datamap.sources.values() for table in mapped.tables.values()):
        return
    for world, day in told.moments():
        before = told.judged(world, day)
        for blurred in one_fact_unknown(random, drawn, world):
            worse = no_worse(told.judged(blurred, day), before)
            assert not worse, (day, worse)


def a_hold_keeps(told: Told) -> None:
    """A hold never deletes or blanks more."""
    drawn, random = told.case, Random(told.number)
    refs = list(everybody(drawn))
    for world, day in told.moments():
        for _ in range(3 if refs else 0):
            purpose = random.choice((None, "p0", "p1"))
            company = random.choice((None, *drawn.policy.companies))
            hold = Mark(10**6, day, Act.HELD, frozenset({random.choice(refs)}), purpose, company)
            more = told.changed(marks=(*drawn.marks, hold))
            worse = no_worse(more.judged(world, day), told.judged(world, day))
            assert not worse, (day, worse, hold)


LAWS: tuple[Callable[[Told], None], ...] = (
    no_dead_claim_comes_to_life,
    two_days_leave_what_the_second_leaves,
    twice_is_once,
    nobody_else_is_touched,
    order_does_not_matter,
    doubt_keeps,
    a_hold_keeps,
)
"""Laws 1, 2 and 4 to 8; the third is the engine's."""


# --- what the laws speak of -------------------------------------------------------------------------------------


def by_what_they_say(drawn: Case, world: World, found: Mapping[RowId, Answer]) -> dict[RowId, Answer]:
    """Answers about rows, those without a key by all of their values: such a row's place is nothing of its own."""

    def named(id: RowId) -> RowId:
        source, name, key = id
        if drawn.datamap.sources[source].tables[name].key:
            return id
        return source, name, tuple(sorted((c, repr(v)) for c, v in world.tables[source][name][key[0]].items()))

    return {named(id): answer for id, answer in found.items()}


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


def is_in_doubt(memo: Memo) -> bool:
    said = [*memo.moments.values(), *(moment for _, moment in memo.latest.values())]
    return any(isinstance(each, Unknown) for each in said) or any(owners.open for owners in memo.owners.values())


def leaves_the_same(both: World, only: World, drawn: Case) -> bool:
    """But for how much longer a unique column's blank is than another's text: that depends on what was there."""
    return all(
        apart(drawn.datamap.sources[source].tables.get(name), only.schemas[source].tables[name], rows, there) is None
        for source, tables in only.tables.items()
        for name, rows in tables.items()
        for there in (both.tables[source][name],)
    )


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
