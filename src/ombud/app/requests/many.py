"""Several requests on the desk at a time, in a few statements whatever their number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ombud.app.loaded import Refused
from ombud.app.requests.desk import Desk, Opened, asked_in, not_allowed, told
from ombud.register.model import Case, Entry
from ombud.rights.events import Event
from ombud.rights.life import NotAllowed, step


@dataclass(frozen=True, slots=True)
class Happening:
    """What is to happen to one request, in order; `note` is kept sealed beside the first."""

    opened: Opened
    events: tuple[Event, ...]
    note: Mapping[str, Any] | None = field(default=None, repr=False)


def read_each(desk: Desk, cases: Iterable[Case]) -> tuple[Opened, ...]:
    """Requests as they stand, in the order of the cases."""
    every = tuple(cases)
    with told():
        histories = desk.store.histories([case.request.id for case in every])
    return tuple(
        Opened(case, case.request, asked_in(history), history)
        for case in every
        for history in (histories[case.request.id],)
    )


def happen_each(desk: Desk, every: Sequence[Happening], by: str) -> tuple[Opened, ...]:
    """Let these happen today, all or none; the requests after it. Refused as for one."""
    desk.check_knows(by)
    after = tuple(_after(desk, each, by) for each in every if each.events)
    written = [(opened.request, fresh, each.case.entries) for each, opened, fresh in after]
    if written:
        with told():
            desk.store.append_many(written)
    found = {opened.id: opened for _, opened, _ in after}
    return tuple(found.get(each.opened.id, each.opened) for each in every)


def _after(desk: Desk, happening: Happening, by: str) -> tuple[Opened, Opened, tuple[Entry, ...]]:
    opened, request = happening.opened, happening.opened.request
    fresh: list[Entry] = []
    for event in happening.events:
        try:
            request = step(request, event, desk.today(), desk.rules)
        except NotAllowed as error:
            raise Refused(not_allowed(error)) from None
        note = json.dumps(happening.note) if happening.note and not fresh else ""
        fresh.append(replace(desk.entry(event, by, note), number=opened.case.entries + len(fresh) + 1))
    case = replace(opened.case, request=request, entries=opened.case.entries + len(fresh))
    return opened, Opened(case, request, opened.asked, (*opened.history, *fresh)), tuple(fresh)
