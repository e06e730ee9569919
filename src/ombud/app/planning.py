"""Plan: freeze in each source what is due, and write down how much, from what it follows, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date

import sqlalchemy as sa

from ombud.adapters.register import Register
from ombud.app.daily import Look, begins, note_clean, note_since, note_unclean
from ombud.app.listing import Listed, Wanted, due_rows
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.reasons import Reasons, reasons
from ombud.app.reborn import reborn
from ombud.app.register_kept import check_known
from ombud.app.samples import of_consents
from ombud.app.shells import Shells, shells
from ombud.app.sources import Opened, opened
from ombud.app.unheard import unheard_of
from ombud.app.untold import unnamed_rows, unread_documents
from ombud.engine.copying import copy_moments, imports_of
from ombud.engine.counts import TableCount
from ombud.engine.noted import PLAN, marks_known, note, noted
from ombud.engine.plans import Plan, SourcePlan, TablePlan, schema_hashes
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.policy.tree import guess
from ombud.sql.tables import cell_names
from ombud.terms import Finding, Level, Place

Note = Callable[[str], None]
"""Called with what is being done now."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what was found while it was made; an error among the findings is a source that has no plan.

    `reasons`, `shells` and `listed` are by source and table; they are told, and of them only the reasons stand in the
    file. `replaced` are plans that were frozen before, and cannot be applied any more. `since`: of a daily plan, the
    day from which each source was looked at, or None and why everything was.
    """

    plan: Plan
    reasons: Mapping[tuple[str, str], Reasons] = field(default_factory=dict)
    listed: Mapping[tuple[str, str], Listed] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    shells: Mapping[tuple[str, str], Shells] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()
    since: Mapping[str, tuple[date | None, str]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not any(finding.level is Level.ERROR for finding in self.findings)


def plan(
    loaded: Loaded,
    sources: Iterable[str],
    on: date | None,
    note_that: Note,
    rows: Wanted | None = None,
    *,
    daily: bool = False,
) -> Planned:
    """Plan these sources (none named: all) for a day (None: today). Any other day than today is a forecast.

    `rows` asks for the keys that are due in some tables. `daily`: where a source was swept before and only days have
    passed since, no more is looked at than what they have brought about.
    """
    today = loaded.today()
    day = on or today
    chosen = tuple(sources) or tuple(loaded.datamap.sources)
    for name in chosen:
        known(loaded, name)
    digest, register = loaded.keys()
    mark = register.newest()
    found = protected(loaded, register)
    plan_id = f"{day.isoformat()}-{loaded.around.random(4).hex()}"
    planned: dict[str, SourcePlan] = {}
    why: dict[tuple[str, str], Reasons] = {}
    listed: dict[tuple[str, str], Listed] = {}
    empty: dict[tuple[str, str], Shells] = {}
    replaced: list[str] = []
    looked: dict[str, tuple[date | None, str]] = {}
    for name in chosen:
        note_that(f"looking at {name}")
        try:
            with opened(loaded, name) as source:
                found += source.findings
                convene(source, loaded, register)
                sweep = sweep_of(source, loaded, digest, plan_id, day, forecast=day != today)
                found += copy_in(loaded, register, source, sweep, digest, today)
                replaced += _waiting(source, sweep)
                look = begins(loaded, register, source, sweep) if daily else Look()
                looked |= {name: (look.since, look.why)} if daily else {}
                found += _consents_read(loaded, source) if look.since is None else []
                planned[name] = _freeze(source, sweep, look)
                if day == today and not any(count.touched for count in planned[name].tables.values()):
                    note_clean(loaded, source, sweep, look.since, mark)
                elif day == today and look.since is None:
                    note_unclean(source, sweep)
                listed |= _listed(source, sweep, rows) if rows is not None else {}
                why |= _reasons(source, sweep, planned[name], look)
                planned[name] = _explained(planned[name], why, name)
                if not look.thorough:
                    continue
                empty |= _shells(source, sweep, planned[name])
                found += [*unread_documents(loaded, source, sweep), *unnamed_rows(loaded, source, sweep)]
                found += reborn(loaded, source, sweep, register.marks())
        except Refused as refusal:
            found += refusal.findings
            planned[name] = SourcePlan(refused=tuple(f"{f.code} {f.message}" for f in refusal.findings))
    made = loaded.around.now().astimezone(UTC).isoformat(timespec="seconds")
    policy, maps = loaded.files(loaded.project.policy), loaded.files(loaded.project.datamaps)
    made_plan = Plan(plan_id, day, made, day != today, mark, loaded.project.share, policy, maps, planned)
    return Planned(made_plan, why, listed, tuple(found), empty, tuple(dict.fromkeys(replaced)), looked)


def _consents_read(loaded: Loaded, source: Opened) -> list[Finding]:
    """What consent columns say unreadably. Raises Refused where nothing in one can be read: the map is wrong of it."""
    found = list(of_consents(loaded, source))
    if errors := [finding for finding in found if finding.level is Level.ERROR]:
        raise Refused(*errors)
    return found


def protected(loaded: Loaded, register: Register) -> list[Finding]:
    """What marks name and nobody knows. Raises Refused where somebody is protected by it."""
    found = list(unheard_of(loaded, register.marks(), loaded.today()))
    if errors := [finding for finding in found if finding.level is Level.ERROR]:
        raise Refused(*errors)
    return found


def _reasons(source: Opened, sweep: Sweep, planned: SourcePlan, look: Look) -> Mapping[tuple[str, str], Reasons]:
    """Of every table; where not all was looked at, of what is due alone."""
    with source.connection.begin():
        names = source.source.tables if look.thorough else planned.tables
        counts = {name: planned.tables.get(name, TablePlan(0)) for name in names}
        found = {
            (source.name, name): reasons(sweep, sweep.source.tables[name], due=bool(count.touched))
            for name, count in counts.items()
        }
    return found if look.thorough else {table: replace(each, doubt=()) for table, each in found.items()}


def _explained(planned: SourcePlan, why: Mapping[tuple[str, str], Reasons], name: str) -> SourcePlan:
    """The same with the reasons beside the counts: who reads the file later finds them there."""
    tables = {
        table: replace(count, because=why[name, table].ended, doubt=why[name, table].doubt)
        for table, count in planned.tables.items()
    }
    return replace(planned, tables=tables)


def _shells(source: Opened, sweep: Sweep, planned: SourcePlan) -> Mapping[tuple[str, str], Shells]:
    with source.connection.begin():
        found = {n: shells(sweep, sweep.source.tables[n]) for n, count in planned.tables.items() if count.shells}
    return {(source.name, name): each for name, each in found.items() if each.empty or each.holding}


def _listed(source: Opened, sweep: Sweep, rows: Wanted) -> Mapping[tuple[str, str], Listed]:
    with source.connection.begin():
        return {
            (source.name, name): due_rows(sweep, sweep.source.tables[name], rows.limit)
            for name in rows.tables.get(source.name, ())
        }


def known(loaded: Loaded, name: str) -> None:
    """Raises Refused where there is no source of this name."""
    if name not in loaded.datamap.sources:
        raise Refused(
            Finding(
                "C024", Place("ombud.yaml"), f"there is no source {name}", guess(name, dict(loaded.datamap.sources))
            )
        )


def sweep_of(
    source: Opened, loaded: Loaded, digest: Digest, plan_id: str, day: date, *, forecast: bool = False
) -> Sweep:
    """The sweep of one opened source."""
    asked_on = loaded.today() if forecast else None
    return Sweep(
        source.connection,
        loaded.policy,
        source.source,
        source.schema,
        day,
        digest,
        plan_id,
        forecast,
        asked_on=asked_on,
        program=loaded.program(source.source, source.schema),
    )


def copy_in(
    loaded: Loaded, register: Register, source: Opened, sweep: Sweep, digest: Digest, today: date
) -> tuple[Finding, ...]:
    """Copy what the source imports from others, each opened for it; one that is down leaves stale days, which keep."""
    found: list[Finding] = []
    for name in dict.fromkeys(rule.source for rule in imports_of(source.source)):
        try:
            with opened(loaded, name) as other:
                convene(other, loaded, register)
                copy_moments(sweep, {name: sweep_of(other, loaded, digest, "copy", today)})
        except Refused as refusal:
            found += refusal.findings
    return tuple(found)


def convene(source: Opened, loaded: Loaded, register: Register) -> None:
    """Make a missing sidecar and deliver every mark to it; refuse one that is there and differs from the register."""
    program = loaded.program(source.source, source.schema)
    digestless = Sweep(
        source.connection,
        loaded.policy,
        source.source,
        source.schema,
        date.min,
        lambda _, __: "",
        "prepare",
        program=program,
    )
    with source.connection.begin():
        before = marks_known(source.connection, digestless.names)
    digestless.prepare()
    newest, marks = register.newest(), register.marks()
    if before is None and newest:
        with source.connection.begin():
            acknowledge(source.connection, digestless.names, marks)
    digestless.check_marks(marks)
    check_known(loaded, source.name, before or 0, newest)


def _waiting(source: Opened, sweep: Sweep) -> list[str]:
    """The plan that a source has frozen, and that nobody has applied yet; it is kept no longer than until the next."""
    with source.connection.begin():
        before = noted(source.connection, sweep.names)
    return [before.plan] if before.plan and not before.done and not sweep.forecast else []


def _freeze(source: Opened, sweep: Sweep, look: Look) -> SourcePlan:
    counts = sweep.freeze(look.since, thorough=look.thorough)
    with source.connection.begin():
        asked = {name: count for name, count in counts.items() if look.thorough or not count.empty}
        tables = {name: frozen(source, sweep, name, count) for name, count in asked.items()}
        if not sweep.forecast:
            note(source.connection, sweep.names, PLAN, sweep.plan)
            note_since(source, sweep, look.since)
    return SourcePlan(schema_hashes(source.source, source.schema), tables)


def frozen(source: Opened, sweep: Sweep, name: str, count: TableCount) -> TablePlan:
    """What the source itself holds frozen of one table, and how many rows the table has now."""
    return in_plan(source, sweep, name, count, _touched(source, sweep, name))


def _touched(source: Opened, sweep: Sweep, name: str) -> int:
    """How many rows go, or lose something."""
    table = source.source.tables[name]
    due = sweep.frozen_by.due(table)
    flags = [due.c[f"c{n}"] == 1 for n in range(len(cell_names(table)))]
    goes = sa.and_(due.c.gone == 1, due.c.pinned == 0)
    touched = sa.select(sa.func.count()).select_from(due).where(due.c.plan == sweep.plan, sa.or_(goes, *flags))
    return int(source.connection.execute(touched).scalar_one())


def in_plan(source: Opened, sweep: Sweep, name: str, count: TableCount, touched: int) -> TablePlan:
    """What is to be done in one table, in so many rows, beside how many it has now."""
    rows = sa.select(sa.func.count()).select_from(sweep.names.row(name))
    blanked = {cell: n for cell, n in count.blanked.items() if n}
    return TablePlan(
        int(source.connection.execute(rows).scalar_one()),
        count.deleted,
        count.shells,
        blanked,
        touched,
    )
