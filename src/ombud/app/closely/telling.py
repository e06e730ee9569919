"""What the oracle's outcomes say of some persons' rows, counted as statements over facts count it (`sql/kept.py`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import cycle

from ombud.app.closely.deciding import Outcomes
from ombud.claims.live import on_row, protected_whole, root_of
from ombud.claims.moments import moment
from ombud.claims.read import Row, company_of, kind_of
from ombud.datamap.model import Table
from ombud.plan.ends import Ask, End
from ombud.policy.model import Basis, BasisKind
from ombud.sql.judge import Judge
from ombud.sql.why import Cause, Ended, Lives, asked
from ombud.terms import Moment, Never, NotYet, OnDay, Outcome


@dataclass
class Staying:
    """A table's rows that are the persons' and stay: how many, of these in doubt, protected whole, and what lives."""

    rows: int = 0
    doubt: int = 0
    held: int = 0
    lives: Counter[Lives] = field(default_factory=Counter)


@dataclass(frozen=True)
class Telling:
    """Of one source."""

    outcomes: Outcomes
    judge: Judge

    @cached_property
    def found(self) -> Mapping[str, int]:
        """How many rows are, or may be, theirs, by table."""
        return Counter(row.table.name for row in self.outcomes.theirs)

    def stay(self) -> Mapping[str, Staying]:
        """By table, of those of which some do."""
        found: dict[str, Staying] = defaultdict(Staying)
        for row in self._in_order(self.outcomes.theirs):
            if self.outcomes.goes(row):
                continue
            of = found[row.table.name]
            of.rows += 1
            on = on_row(self.outcomes.look, row)
            if on.doubt:
                of.doubt += 1
                continue
            claims = list(self._claims(row))
            of.held += bool(claims) and protected_whole(self.outcomes.look, row)
            for end, live in claims:
                of.lives[Lives(end.purpose.id, end.basis, end.company)] += live
        return found

    def over(self, table: Table) -> Mapping[Ended, int]:
        """In how many of a table's rows that go, stay as shells or lose cells each claim is over, by what ended it."""
        found: Counter[Ended] = Counter()
        for row in self._in_order(self.outcomes.look.rows[self.judge.read.names.source.source, table.name]):
            match self.outcomes.verdicts[row.id].outcome:
                case Outcome.DELETE | Outcome.SHELL:
                    found.update(self._ended(row, end) for end, _ in self._claims(row))
                case Outcome.BLANK:
                    found.update(self._ended(row, end) for end, live in self._claims(row) if not live)
                case Outcome.KEEP:
                    pass
        return found

    def _in_order(self, rows: Iterable[Row]) -> list[Row]:
        """By the order of kinds, companies and ends, in which statements count."""
        return sorted(rows, key=lambda row: self._bench(row) or (-1, ""))

    def _bench(self, row: Row) -> tuple[int, str] | None:
        root = root_of(self.outcomes.look, row)
        kind = kind_of(self.outcomes.look, root) if root else None
        company = company_of(self.outcomes.look, root) if root else None
        if root is None or kind is None or company is None:
            return None
        return root.table.kinds.index(kind), company

    def _claims(self, row: Row) -> Iterator[tuple[End, bool]]:
        """Each claim that rows of its kind and company have, and whether it lives."""
        bench, root = self._bench(row), root_of(self.outcomes.look, row)
        if bench is None or root is None:
            return
        live = {(each.purpose, id(each.basis)) for each in on_row(self.outcomes.look, row).claims if each.live}
        bases: dict[str, Iterator[Basis]] = {}
        for binding, end in self.judge.ends_by(root.table.kinds[bench[0]], bench[1]):
            # Ends come in the order of their purpose's bases, for one binding after the other.
            known = bases.setdefault(
                binding.purpose, cycle(b for b in end.purpose.bases if b.kind is not BasisKind.NONE)
            )
            yield end, (end.purpose.id, id(next(known))) in live

    def _ended(self, row: Row, end: End) -> Ended:
        """The first of the ways in which a claim is over."""
        look, root = self.outcomes.look, root_of(self.outcomes.look, row)
        assert root is not None
        by_mark = Cause.NO_CONSENT if end.basis is BasisKind.CONSENT else Cause.MARKED
        ended = Ended(end.purpose.id, end.basis, end.company, by_mark)
        for name, cause, day, ask in asked(end):
            if _is(moment(look, root, name), ask):
                return replace(ended, cause=cause, moment=name, day=day)
        return ended


def _is(known: Moment, ask: Ask) -> bool:
    match known:
        case OnDay(day):
            return ask.days is not None and ask.days.low <= day < ask.days.high
        case NotYet():
            return ask.not_yet
        case Never():
            return ask.never
        case _:
            return False
