"""The sweep of some persons in one source: what is due of their rows, frozen and carried out in one go, and what stays.

The same machinery as a plan and its apply, of the rows that are, or may be, about these persons, and of no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ombud.adapters.register import Register
from ombud.app import opting_out
from ombud.app.applying import refuse_share, stores_of
from ombud.app.closely import sweeping as closely
from ombud.app.closely.deciding import Outcomes
from ombud.app.closely.telling import Telling
from ombud.app.daily import rules
from ombud.app.done import set_aside, stuck
from ombud.app.loaded import Digest, Loaded
from ombud.app.planning import copy_in, in_plan, sweep_of
from ombud.app.planning import frozen as frozen_in
from ombud.app.reasons import over
from ombud.app.sources import Opened, told
from ombud.datamap.model import Table
from ombud.engine.counts import TableCount
from ombud.engine.decided import Decided
from ombud.engine.files import FileCount, clear_outbox
from ombud.engine.noted import received
from ombud.engine.persons import Asked
from ombud.engine.plans import TablePlan
from ombud.engine.refusal import Refusal
from ombud.engine.sidecar import Behind
from ombud.engine.sweep import Progress, Sweep
from ombud.engine.turns import Turns
from ombud.policy.model import BasisKind
from ombud.sql.kept import Kept
from ombud.sql.why import Counted, Ended, Held, Lives
from ombud.terms import Finding

LONGEST = 56
"""Characters of a request's id as it stands in a plan's name; of a longer one, its hash stands there."""


MANY = 10_000
"""Rows of one transaction where many persons' are swept: each looks at them anew, with all that judges them."""


@dataclass(frozen=True, slots=True)
class Living:
    """In `rows` of a table that stay, a claim of this purpose lives: for it they are kept."""

    purpose: str
    basis: BasisKind
    company: str
    rows: int


@dataclass(frozen=True, slots=True)
class Over:
    """In `rows` of a table that go, the claim of this purpose is over, and why, in words."""

    purpose: str
    basis: BasisKind
    company: str
    why: str
    rows: int


@dataclass(frozen=True, slots=True)
class Stay:
    """The persons' rows of one table that stay: how many, of these in doubt, protected whole, and for which claims."""

    rows: int = 0
    doubt: int = 0
    held: int = 0
    claims: tuple[Living, ...] = ()


@dataclass(frozen=True, slots=True)
class OfPersons:
    """What was done, or would be, of some persons' rows in one source, by table. `plan` names its receipts.

    `tables` is what was deleted and blanked, `found` how many rows are, or may be, theirs, `stay` those that do not go,
    `over` why the others do. `due` is what was frozen: more than was done, where something changed meanwhile or the
    database `refused` it. `left` is due still; `files` what became of files that waited; `receipts` counts rows and
    cells by table, of earlier runs for the same request too. `done` is false of what would be done.
    """

    plan: str
    done: bool
    found: Mapping[str, int]
    due: Mapping[str, TableCount]
    tables: Mapping[str, TableCount] = field(default_factory=dict)
    stay: Mapping[str, Stay] = field(default_factory=dict)
    over: Mapping[str, tuple[Over, ...]] = field(default_factory=dict)
    left: Mapping[str, TableCount] = field(default_factory=dict)
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    files: Mapping[str, FileCount] = field(default_factory=dict)
    receipts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool:
        """Nothing of these persons is due any more, and no file of theirs waits."""
        waits = any(count.failed or count.refused for count in self.files.values())
        return self.done and not (self.left or self.refused or waits)


def plan_of(request: str) -> str:
    """The name of the plan, and of its receipts, by which a request is carried out."""
    short = request if len(request) <= LONGEST else hashlib.sha256(request.encode()).hexdigest()[:LONGEST]
    return f"request/{short}"


def foretell(loaded: Loaded, source: Opened, persons: Asked, request: str, *, bulk: bool = False) -> OfPersons:
    """What would be done today of these persons' rows; nothing is. Raises Refused, also where it would touch more than
    the project's share and is `bulk`.
    """
    with told(loaded.project.sources[source.name]):
        digest, register = loaded.keys()
        sweep = _sweep(loaded, source, digest, persons, request, forecast=True)
        _check_marks(sweep, register)
        findings = copy_in(loaded, register, source, sweep, digest, sweep.today)
        decided = closely.foretell(sweep)
        if decided is None:
            sweep.freeze()
        with sweep.connection.begin():
            if decided is not None:
                found, what = by_oracle(sweep, *decided, findings, done=False), decided[1]
            else:
                found, what = by_facts(sweep, findings, done=False), None
            if bulk:
                refuse_share(loaded, source, sweep, _planned(source, sweep, found, what))
            return found


def carry_out(
    loaded: Loaded, source: Opened, persons: Asked, request: str, *, bulk: bool = False, allow: bool = False
) -> OfPersons:
    """Freeze what is due today of these persons' rows, and do it. Raises Refused where nothing of it may be done.

    The sidecar must have acknowledged every mark of the register. Called again for the same request, after it was
    killed or a source was down, it goes on with what is due then. `bulk`: of so many that no more than the project's
    share of a table may be touched, unless somebody `allow`s it.
    """
    with told(loaded.project.sources[source.name]):
        digest, register = loaded.keys()
        sweep = _sweep(loaded, source, digest, persons, request)
        sweep = replace(sweep, batch_size=MANY) if bulk else sweep
        _check_marks(sweep, register)
        stores = stores_of(loaded, source.name)
        findings = copy_in(loaded, register, source, sweep, digest, sweep.today)
        found = list[OfPersons]()

        def known(told: OfPersons, what: Decided | None) -> None:
            found.append(told)
            if bulk and not allow:
                refuse_share(loaded, source, sweep, _planned(source, sweep, told, what))

        def decided(outcomes: Outcomes, what: Decided) -> None:
            known(by_oracle(sweep, outcomes, what, findings, done=True), what)

        def frozen() -> None:
            known(by_facts(sweep, findings, done=True), None)

        left = dict[str, TableCount]()
        speaks = any(table.marks for table in sweep.source.tables.values())
        tables = None if speaks else closely.at_once(sweep, decided)
        if tables is None:
            tables = sweep.at_once(frozen)
        if tables is None:
            sweep.freeze()
            with sweep.connection.begin():
                frozen()
            opting_out.before_in(loaded, source, sweep.plan)  # a source with consent columns is never swept at once
            tables = sweep.apply(_turns(loaded, source))
            findings = (*findings, *opting_out.after(loaded, sweep.plan, [source.name]))
            again = replace(sweep, forecast=True).freeze()
            left = {name: count for name, count in again.items() if not count.empty}
        files = clear_outbox(sweep, stores, loaded.around.pause) if stores else {}
        with source.connection.begin():
            receipts = received(source.connection, sweep.names, sweep.plan)
        beside = (*set_aside(loaded, source.name, sweep.refused), *stuck(loaded, source.name, files))
        return replace(
            found[-1],
            tables=tables,
            left=left,
            refused=sweep.refused,
            files=files,
            receipts=receipts,
            findings=(*findings, *beside),
        )


def _planned(source: Opened, sweep: Sweep, told: OfPersons, what: Decided | None) -> dict[str, TablePlan]:
    """What is to be done, by table: as it was decided, or as it is frozen."""
    if what is None:
        return {name: frozen_in(source, sweep, name, count) for name, count in told.due.items()}
    return {name: in_plan(source, sweep, name, count, what.touched(name)) for name, count in told.due.items()}


# --- pieces -----------------------------------------------------------------------------------------------------


def _sweep(
    loaded: Loaded, source: Opened, digest: Digest, persons: Asked, request: str, *, forecast: bool = False
) -> Sweep:
    sweep = sweep_of(source, loaded, digest, plan_of(request), loaded.today(), forecast=forecast)
    return replace(sweep, persons=persons, rules=rules(loaded, source))


def _check_marks(sweep: Sweep, register: Register) -> None:
    """That each mark there says the same was asked when the last one was acknowledged (`app/marking.py`)."""
    known, newest = sweep.marks_known(), register.newest()
    if known < newest:
        raise Behind(f"it has marks up to {known}, the register up to {newest}")


def _turns(loaded: Loaded, source: Opened) -> Progress:
    turns = Turns(loaded.around.now, loaded.around.pause)

    def between(table: str, done: int, due: int) -> None:
        if source.connection.dialect.name == "sqlite":
            turns.give()

    return between


def by_facts(sweep: Sweep, findings: Iterable[Finding], *, done: bool) -> OfPersons:
    """What was frozen, what stays and why, inside the open transaction, while facts still stand."""
    due = {name: count for name, count in sweep.counted_chosen().items() if not count.empty or count.shells}
    found = {name: rows for name, rows in sweep.chosen.items() if rows}
    stay = {name: _stay(sweep, sweep.source.tables[name], *rows) for name, rows in sweep.stay().items() if rows[0]}
    ended = {name: tuple(_over(sweep, sweep.source.tables[name], count)) for name, count in due.items()}
    return OfPersons(sweep.plan, done, found, due, stay=stay, over=ended, findings=tuple(findings))


def by_oracle(
    sweep: Sweep, outcomes: Outcomes, decided: Decided, findings: Iterable[Finding], *, done: bool
) -> OfPersons:
    """The same, as the oracle has decided it."""
    telling, tables = Telling(outcomes, sweep.judge), sweep.source.tables.values()
    due = {name: each for name, each in decided.counts(tables).items() if not each.empty or each.shells}
    stay = {name: Stay(of.rows, of.doubt, of.held, tuple(_living(of.lives))) for name, of in telling.stay().items()}
    ended = {name: tuple(_ended(telling.over(sweep.source.tables[name]))) for name in due}
    return OfPersons(sweep.plan, done, telling.found, due, stay=stay, over=ended, findings=tuple(findings))


def _living(counted: Mapping[Lives, int]) -> Iterator[Living]:
    yield from (Living(each.purpose, each.basis, each.company, rows) for each, rows in counted.items() if rows)


def _ended(counted: Mapping[Ended, int]) -> Iterator[Over]:
    yield from (Over(each.purpose, each.basis, each.company, over(each), rows) for each, rows in counted.items())


def _stay(sweep: Sweep, table: Table, rows: int, doubt: int) -> Stay:
    if rows == doubt:
        return Stay(rows, doubt)
    by, held, claims = sweep.frozen_by, 0, list[Living]()
    step = ("living", table.name, by.forecast)
    for what, lives in sweep.statements.counts(step, lambda: Kept(sweep.judge, table).living(by)):
        match what:
            case Held():
                held += lives
            case Lives(purpose, basis, company) if lives:
                claims.append(Living(purpose, basis, company, lives))
    return Stay(rows, doubt, held, tuple(claims))


def _over(sweep: Sweep, table: Table, count: TableCount) -> Iterator[Over]:
    def ended(gone: bool) -> Iterator[Counted]:
        return Kept(sweep.judge, table).ended(sweep.frozen_by, gone=gone)

    dead, lose = count.deleted or count.shells, any(count.blanked.values())
    for gone in [each for each, asked in ((True, dead), (False, lose)) if asked]:
        step = ("ended", table.name, gone, sweep.frozen_by.forecast)
        for what, rows in sweep.statements.counts(step, partial(ended, gone)):
            if isinstance(what, Ended) and rows:
                yield Over(what.purpose, what.basis, what.company, over(what), rows)
