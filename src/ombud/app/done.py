"""What an apply did in one source, and what is to be told of it: what was refused, what is left, what is stuck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ombud.adapters.blame import blamed
from ombud.app import words
from ombud.app.loaded import Loaded
from ombud.engine.counts import TableCount, less
from ombud.engine.files import FileCount
from ombud.engine.refusal import Refusal
from ombud.terms import Finding, Level, Place

NONE = TableCount()

FEW = 5
"""How many constraints are named of one table."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in one source. `before`: all of it had been done already; `left` is due still, by table.

    `resumed` is how many rows and cells an earlier run of the same plan had changed before it was stopped, `beside`
    how many another run of it changed while this one worked; `files` is what became of those that waited, by store.
    `stay` was frozen and is not due any more, and `marked` says whether marks were set since the plan; `stayed_before`
    is how many rows and cells of a table an earlier run had found so: which of them is not kept. Of a plan that several
    runs carried out at once neither is known. `refused` is what the database refused, and so is still due.
    `found` was found on the way. `since`: the day from which a daily plan looked, and no more was looked at after it.
    """

    tables: Mapping[str, TableCount] = field(default_factory=dict)
    before: bool = False
    resumed: int = 0
    beside: int = 0
    left: Mapping[str, TableCount] = field(default_factory=dict)
    files: Mapping[str, FileCount] = field(default_factory=dict)
    stay: Mapping[str, TableCount] = field(default_factory=dict)
    stayed_before: Mapping[str, int] = field(default_factory=dict)
    marked: bool = False
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    found: tuple[Finding, ...] = ()
    since: date | None = None

    @property
    def unasked(self) -> bool:
        """Another source could not be asked what it says of these people: rows may have stayed for that."""
        return any(finding.level is Level.ERROR for finding in self.found)


def stayed(
    frozen: Mapping[str, TableCount], still: Mapping[str, TableCount], changed: Mapping[str, int]
) -> Mapping[str, int]:
    """Of what was frozen and is not `still` to be done: rows and cells that no receipt says were changed, by table."""
    before = {name: less(whole, still[name]) for name, whole in frozen.items()}
    totals = {name: each.deleted + sum(each.blanked.values()) for name, each in before.items()}
    return {name: total - changed.get(name, 0) for name, total in totals.items() if total > changed.get(name, 0)}


def fewer(
    due: Mapping[str, TableCount], done: Mapping[str, TableCount], refused: Mapping[str, Refusal]
) -> Mapping[str, TableCount]:
    """What was frozen, not done and not refused, by table: it was judged again, and is not due any more."""
    found = {name: less(less(then, done.get(name, NONE)), _due(refused, name)) for name, then in due.items()}
    return {name: count for name, count in found.items() if not count.empty}


def _due(refused: Mapping[str, Refusal], table: str) -> TableCount:
    return refused[table].due if table in refused else NONE


def told(loaded: Loaded, name: str, done: Done, place: Place) -> Iterator[Finding]:
    """Every finding about a source in which a plan, whose file is at `place`, was carried out."""
    yield from done.found
    yield from set_aside(loaded, name, done.refused)
    yield from _left(name, done, place)
    yield from stuck(loaded, name, done.files)


def set_aside(loaded: Loaded, name: str, refused: Mapping[str, Refusal]) -> Iterator[Finding]:
    """What the database of a source refused, by table."""
    place = loaded.project.sources[name].place
    for table, refusal in refused.items():
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


def stuck(loaded: Loaded, name: str, files: Mapping[str, FileCount]) -> Iterator[Finding]:
    """Files of a source that could not be removed, by store."""
    place = loaded.project.sources[name].place
    for store, count in files.items():
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
