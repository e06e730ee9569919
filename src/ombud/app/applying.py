"""Apply: what a plan froze and nothing else, after asking whether everything it follows from is still the same."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ombud.adapters.files import Directory
from ombud.app import opting_out, words
from ombud.app.daily import looked_since, note_clean, note_unclean, rules
from ombud.app.done import Done, fewer, stayed, told
from ombud.app.gone import note_days
from ombud.app.held_plan import still_held, superseded
from ombud.app.loaded import Loaded, Refused
from ombud.app.planning import copy_in, frozen, protected, sweep_of
from ombud.app.register_kept import check_known
from ombud.app.sources import Opened, opened
from ombud.app.stores import placed, shared
from ombud.app.untold import unnamed_rows
from ombud.engine.counts import TableCount
from ombud.engine.files import clear_outbox
from ombud.engine.noted import DONE, marks_known, note, received
from ombud.engine.plans import NotAPlan, Plan, SourcePlan, TablePlan, changed, read, schema_hashes
from ombud.engine.sweep import Sweep
from ombud.engine.turns import Turns
from ombud.terms import Finding, Level, Place

Progress = Callable[[str, str, int, int], None]
"""Called with source, table, rows done and rows due."""

LONGEST = 20_000_000
"""Bytes: no plan file is longer."""

PLAN_ID = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did, by source, and why it did not do the rest."""

    plan: Plan
    sources: Mapping[str, Done]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        return not any(finding.level is Level.ERROR for finding in self.findings)


def read_plan(path: Path) -> Plan:
    """The plan in a file. Raises Refused."""
    place = Place(str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is a folder, a pipe or a device")
        with path.open("rb") as stream:
            made = read(stream.read(LONGEST).decode("utf-8"))
        if not PLAN_ID.fullmatch(made.id):
            raise NotAPlan("its `id` is not one that `ombud plan` writes")
        if not made.sources:
            raise NotAPlan("it names no source")
        return made
    except NotAPlan as error:
        raise Refused(Finding("C040", place, f"this is not a plan: {error}", "make one: ombud plan")) from None
    except UnicodeDecodeError:
        raise Refused(Finding("C040", place, "this is not a plan: it is not text", "make one: ombud plan")) from None
    except OSError as error:
        raise Refused(
            Finding("C040", place, f"the plan cannot be read: {error.strerror}", "name a file that `ombud plan` wrote")
        ) from None


def apply(loaded: Loaded, path: Path, *, allow: bool, progress: Progress) -> Applied:
    """Carry out the plan in a file, source by source. Raises Refused where nothing at all may be done."""
    plan = read_plan(path)
    place = Place(str(path))
    if refusals := tuple(_stale(loaded, plan, place)):
        raise Refused(*refusals)
    if not allow and (refusals := tuple(_too_much(plan, place, loaded.project.share))):
        # Of a plan that a newer one took the place of, that is the reason: nobody should allow it.
        raise Refused(*(tuple(superseded(loaded, plan)) or refusals))
    done: dict[str, Done] = {}
    found = protected(loaded, loaded.keys()[1])
    sweeping = [name for name, planned in plan.sources.items() if not planned.refused]
    found += opting_out.before(loaded, plan.id, sweeping)
    for name, planned in plan.sources.items():
        if planned.refused:
            found.append(
                Finding("C050", place, f"{name} was not planned: {planned.refused[0]}", "mend it, and plan again")
            )
            continue
        try:
            with opened(loaded, name) as source:
                done[name] = _apply(loaded, plan, planned, source, progress, place, allow=allow)
        except Refused as refusal:
            found += refusal.findings
    found += opting_out.after(loaded, plan.id, done)
    for name, each in done.items():
        found += told(loaded, name, each, place)
    return Applied(plan, done, tuple(found))


# --- what refuses -----------------------------------------------------------------------------------------------


def _stale(loaded: Loaded, plan: Plan, place: Place) -> Iterator[Finding]:
    again = "plan again: ombud plan"
    if plan.forecast:
        yield Finding(
            "C041", place, f"this is a forecast for {plan.day.isoformat()}, to be read and not applied", again
        )
        return
    if plan.day > loaded.today():
        yield Finding("C041", place, f"the plan is for {plan.day.isoformat()}, which is still to come", again)
    for code, before, folder in (
        ("C042", plan.policy, loaded.project.policy),
        ("C043", plan.datamap, loaded.project.datamaps),
    ):
        for file in changed(before, loaded.files(folder)):
            yield Finding(code, Place(file), "the file changed after the plan was made", again)
    for name in plan.sources:
        if name not in loaded.datamap.sources or name not in loaded.project.sources:
            yield Finding("C040", place, f"the plan names a source {name}, and there is none", again)


def _too_much(plan: Plan, place: Place, share: int) -> Iterator[Finding]:
    """One finding a source, with every table of it that is touched more than that."""
    for name, source in plan.sources.items():
        above = [
            f"{table} ({counts.touched:,} of {words.count(counts.rows, 'row')}, {counts.share:.0f} %)"
            for table, counts in source.tables.items()
            if counts.share > share
        ]
        if above:
            message = f"more than {share} % is touched of {name}: {', '.join(above)}"
            yield Finding("C046", place, message, "if that is right: --allow")


def _apply(
    loaded: Loaded, plan: Plan, planned: SourcePlan, source: Opened, progress: Progress, place: Place, *, allow: bool
) -> Done:
    address = loaded.project.sources[source.name].place
    differing = changed(planned.schema, schema_hashes(source.source, source.schema))
    if differing:
        message = f"{source.name}: the schema of {', '.join(differing)} changed after the plan was made"
        raise Refused(Finding("C044", address, message, "see what changed, run `ombud check --live`, and plan again"))
    digest, register = loaded.keys()
    # Marks of today count: the frozen rows are judged again as they stand on the day of the apply.
    sweep = sweep_of(source, loaded, digest, plan.id, loaded.today())
    sweep.rules = rules(loaded, source)
    with source.connection.begin():
        held = still_held(source, loaded, plan)
        before = received(source.connection, sweep.names, plan.id)
        known = marks_known(source.connection, sweep.names) or 0
    stores = stores_of(loaded, source.name)
    if held.done:
        return Done(before=True, files=clear_outbox(sweep, stores, loaded.around.pause))
    # A lost register has a new key, by which nobody whom a mark holds would be found.
    check_known(loaded, source.name, known, register.newest())
    sweep.check_marks(register.marks())
    if not allow and not any(before.values()):
        refuse_too_much(loaded, plan, source, sweep, place)
    # What other sources say is judged by as it is now: who came back there since the plan stays here.
    stale = copy_in(loaded, register, source, sweep, digest, sweep.today)
    today = loaded.today().isoformat()
    with source.connection.begin():
        due = sweep.open()
        ended = stayed(sweep.counted(), due, before)
        note_days(source, sweep.names, plan.id, today, ended=False)
    turns = Turns(loaded.around.now, loaded.around.pause)

    def between(table: str, done: int, due: int) -> None:
        progress(source.name, table, done, due)
        if source.connection.dialect.name == "sqlite":
            turns.give()

    counts = sweep.apply(between)
    with source.connection.begin():
        if not sweep.refused:
            note(source.connection, sweep.names, DONE, plan.id)
        note_days(source, sweep.names, plan.id, loaded.today().isoformat(), ended=True)
        others = sum(received(source.connection, sweep.names, plan.id).values()) - _changed(counts)
    files = clear_outbox(sweep, stores, loaded.around.pause)
    since, newest = looked_since(source, sweep), register.newest()
    left = _confirm(loaded, sweep, source, since)
    if not left and not sweep.refused:
        note_clean(loaded, source, sweep, since, newest)
    elif since is None:
        note_unclean(source, sweep)
    beside = others - sum(before.values())
    stay = fewer(due, counts, sweep.refused) if beside == 0 else {}
    marked = newest > plan.marks
    return Done(
        counts,
        resumed=sum(before.values()),
        beside=beside,
        left=left,
        files=files,
        stay=stay,
        stayed_before=ended if beside == 0 else {},
        marked=marked,
        refused=sweep.refused,
        found=(*stale, *unnamed_rows(loaded, source, sweep)),
        since=since,
    )


def stores_of(loaded: Loaded, name: str) -> Mapping[str, Directory]:
    """Where a source's files are. Raises Refused where any source's store is not known to be another folder."""
    if not loaded.project.sources[name].files:
        return {}
    known, findings = placed(loaded.project, loaded.around.environ)
    if findings := (*findings, *shared(loaded.project, known)):
        raise Refused(*findings)
    return {each.store: Directory(each.folder) for each in known if each.source == name}


def _changed(counts: Mapping[str, TableCount]) -> int:
    """Rows and cells, as receipts count them."""
    return sum(count.deleted + sum(count.blanked.values()) for count in counts.values())


def refuse_too_much(loaded: Loaded, plan: Plan, source: Opened, sweep: Sweep, place: Place) -> None:
    """The share is of what the source itself froze and has: a plan's file is only told, and may have been edited."""
    with source.connection.begin():
        tables = {name: frozen(source, sweep, name, count) for name, count in sweep.counted().items()}
    there = replace(plan, sources={source.name: SourcePlan({}, dict(tables))})
    if refusals := tuple(_too_much(there, place, loaded.project.share)):
        raise Refused(*refusals)


def refuse_share(loaded: Loaded, source: Opened, sweep: Sweep, tables: Mapping[str, TablePlan]) -> None:
    """The same of a plan that stands in no file, inside the open transaction in which it was made."""
    address, share = loaded.project.sources[source.name].place, loaded.project.share
    made = Plan(sweep.plan, sweep.today, "", False, 0, share, {}, {}, {source.name: SourcePlan({}, dict(tables))})
    if refusals := tuple(_too_much(made, address, share)):
        raise Refused(*refusals)


def _confirm(loaded: Loaded, sweep: Sweep, source: Opened, since: date | None) -> Mapping[str, TableCount]:
    """Look again as a forecast that nobody keeps, at what can be due since the plan's look began: what is, by table."""
    again = replace(sweep, plan=f"confirm-{loaded.around.random(4).hex()}", forecast=True)
    return {name: count for name, count in again.freeze(since, thorough=False).items() if not count.empty}
