"""Apply: what a plan froze and nothing else, after asking whether everything it follows from is still the same."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ombud.adapters.blame import blamed
from ombud.adapters.files import Directory
from ombud.app import words
from ombud.app.gone import note_days
from ombud.app.held_plan import still_held, superseded
from ombud.app.loaded import Loaded, Refused
from ombud.app.planning import frozen, sweep_of
from ombud.app.sources import Opened, opened
from ombud.app.stores import placed, shared
from ombud.app.untold import unnamed_rows
from ombud.engine.counts import TableCount, less
from ombud.engine.files import FileCount, clear_outbox
from ombud.engine.noted import DONE, note, received
from ombud.engine.plans import NotAPlan, Plan, SourcePlan, changed, read, schema_hashes
from ombud.engine.refusal import Refusal
from ombud.engine.sweep import Sweep
from ombud.engine.turns import Turns
from ombud.terms import Finding, Level, Place

Progress = Callable[[str, str, int, int], None]
"""Called with source, table, rows done and rows due."""

LONGEST = 20_000_000
"""Bytes: no plan file is longer."""

NONE = TableCount()

FEW = 5
"""How many constraints are named of one table."""

PLAN_ID = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in one source. `before`: all of it had been done already; `left` is due still, by table.

    `resumed` is how many rows and cells an earlier run of the same plan had changed before it was stopped, `beside`
    how many another run of it changed while this one worked; `files` is what became of those that waited, by store.
    `stay` was frozen and is not due any more, and `marked` says whether marks were set since the plan; of a plan that
    several runs carried out it is not known what stays. `refused` is what the database refused, and so is still due.
    `found` was found on the way.
    """

    tables: Mapping[str, TableCount] = field(default_factory=dict)
    before: bool = False
    resumed: int = 0
    beside: int = 0
    left: Mapping[str, TableCount] = field(default_factory=dict)
    files: Mapping[str, FileCount] = field(default_factory=dict)
    stay: Mapping[str, TableCount] = field(default_factory=dict)
    marked: bool = False
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    found: tuple[Finding, ...] = ()


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
    found: list[Finding] = []
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
    for name, each in done.items():
        found += [*each.found, *_set_aside(loaded, name, each), *_left(name, each, place), *_stuck(loaded, name, each)]
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
    with source.connection.begin():
        held = still_held(source, loaded, plan)
        changes = received(source.connection, sweep.names, plan.id)
    stores = _stores(loaded, source.name)
    if held.done:
        return Done(before=True, files=clear_outbox(sweep, stores, loaded.around.pause))
    sweep.check_marks(register.newest())
    if not allow and not changes:
        refuse_too_much(loaded, plan, source, sweep, place)
    today = loaded.today().isoformat()
    with source.connection.begin():
        due = sweep.counted()
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
        others = received(source.connection, sweep.names, plan.id) - _changed(counts)
    files = clear_outbox(sweep, stores, loaded.around.pause)
    left = _confirm(loaded, sweep, source)
    stay = _fewer(due, counts, sweep.refused) if others == 0 else {}
    since = register.newest() > plan.marks
    return Done(
        counts,
        resumed=changes,
        beside=others - changes,
        left=left,
        files=files,
        stay=stay,
        marked=since,
        refused=sweep.refused,
        found=tuple(unnamed_rows(loaded, source, sweep)),
    )


def _fewer(
    due: Mapping[str, TableCount], done: Mapping[str, TableCount], refused: Mapping[str, Refusal]
) -> Mapping[str, TableCount]:
    """What was frozen, not done and not refused, by table: it was judged again, and is not due any more."""
    found = {name: less(less(then, done.get(name, NONE)), _due(refused, name)) for name, then in due.items()}
    return {name: count for name, count in found.items() if not count.empty}


def _due(refused: Mapping[str, Refusal], table: str) -> TableCount:
    return refused[table].due if table in refused else NONE


def _stores(loaded: Loaded, name: str) -> Mapping[str, Directory]:
    """Of this source. Raises Refused where any source's store is not known to be another folder."""
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
    there = replace(plan, sources={source.name: SourcePlan({}, tables)})
    if refusals := tuple(_too_much(there, place, loaded.project.share)):
        raise Refused(*refusals)


def _confirm(loaded: Loaded, sweep: Sweep, source: Opened) -> Mapping[str, TableCount]:
    """Look again as a forecast that nobody keeps: what is due still, by table."""
    again = replace(sweep, plan=f"confirm-{loaded.around.random(4).hex()}", forecast=True)
    return {name: count for name, count in again.freeze().items() if not count.empty}


def _set_aside(loaded: Loaded, name: str, done: Done) -> Iterator[Finding]:
    place = loaded.project.sources[name].place
    for table, refusal in done.refused.items():
        rows, them = words.count(refusal.rows, "row"), "it" if refusal.rows == 1 else "them"
        why = sorted({blamed(cause) for cause in refusal.causes})
        of = f" ({'; '.join(why[:FEW])}{'; …' if len(why) > FEW else ''})" if why else ""
        message = f"{name}.{table}: the database refused to change {rows}{of}: what is due of {them} stays due"
        yield Finding("C064", place, message, f"see which: ombud plan --rows {name}.{table}; mend it, and plan again")


def _left(name: str, done: Done, place: Place) -> Iterator[Finding]:
    for table, still in done.left.items():
        count = less(still, _due(done.refused, table))
        if count.empty:
            continue
        rows, cells = words.count(count.deleted, "row"), words.count(sum(count.blanked.values()), "cell")
        message = f"{name}.{table}: {rows} and {cells} are due that this plan did not hold"
        hint = "they became due, or were freed, since; plan again: ombud plan"
        if done.refused:
            message = f"{name}.{table}: {rows} and {cells} are due still"
            hint = "rows that the database refused lean on them, or they became due since: mend those, and plan again"
        yield Finding("C051", place, message, hint)


def _stuck(loaded: Loaded, name: str, done: Done) -> Iterator[Finding]:
    place = loaded.project.sources[name].place
    for store, count in done.files.items():
        if count.failed:
            message = f"{name}: {words.count(count.failed, 'file')} in {store} could not be removed, and wait"
            hint = "see that the folder is there, is not empty and may be written, then apply the same plan again"
            yield Finding("C055", place, message, hint)
        if count.refused:
            message = (
                f"{name}: {words.count(count.refused, 'name')} in {store} lead to no plain file inside it, and wait"
            )
            hint = "the names are in ombud's table `outbox`: see to what they mean, and take them out of it"
            yield Finding("C055", place, message, hint)
