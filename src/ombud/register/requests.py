"""Requests in the store: received, written on by who has read the newest, listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db.models import F

from ombud.register import models
from ombud.register.base import MOST, batched
from ombud.register.history import History
from ombud.register.model import Case, Event, Identity, Received, SourcePart
from ombud.register.naming import name
from ombud.register.people import People
from ombud.register.trouble import Conflict, NotThere
from ombud.rights.model import Part, Pause, Proof, Request, RequestKind, State

ENDED = frozenset({State.CLOSED, State.WITHDRAWN})
"""States from which nothing follows: what was kept for the request goes."""

_COUNT = (
    "INSERT INTO ombud_counter (year, last) VALUES (%s, %s) "
    "ON CONFLICT (year) DO UPDATE SET last = ombud_counter.last + excluded.last RETURNING last"
)


class Requests(History, People):
    """Every request, open and closed."""

    def add_request(self, request: Request, identities: Iterable[Identity], event: Event) -> Case:
        """A request that came in from somebody new to the register; gives it its name and its first event."""
        return self.add_requests([Received(request, tuple(identities), event)])[0]

    def add_requests(self, received: Sequence[Received]) -> tuple[Case, ...]:
        """Many at once, all or none, in a few statements. The year of a name is that of the day of receipt."""
        with self.transaction():
            cases = self._named(received)
            new = [case.person for case, each in zip(cases, received, strict=True) if each.person is None]
            self._add(models.Person, [models.Person(id=person) for person in new])
            identifiers = [
                row
                for case, each in zip(cases, received, strict=True)
                for row in self._identifiers(case.person, each.identities)
            ]
            self._add(models.Identifier, identifiers, ignore_conflicts=True)
            self._add(models.Request, [_row(case) for case in cases])
            self._add(models.Part, [part for case in cases for part in _parts(case.request)])
            self._add(models.Question, [question for case in cases for question in _questions(case.request)])
            self._add_events([(case.request.id, each.event) for case, each in zip(cases, received, strict=True)])
        return cases

    def request(self, id: str) -> Case:
        """A request as it stands. Raises NotThere."""
        found = tuple(self._cases(self._all(models.Request).filter(id=id)))
        if not found:
            raise NotThere("request")
        return found[0]

    def requests(
        self, *, open_only: bool = True, kind: RequestKind | None = None, state: State | None = None
    ) -> tuple[Case, ...]:
        """Requests by the day they came in."""
        rows = self._all(models.Request).filter(forgotten=False)
        rows = rows.filter(closed_on=None) if open_only else rows
        rows = rows.filter(kind=kind.value) if kind else rows
        rows = rows.filter(state=state.value) if state else rows
        return tuple(self._cases(rows))

    def requests_of(self, digests: Iterable[str], *, open_only: bool = False) -> tuple[Case, ...]:
        """Requests of everybody who has one of these keyed hashes."""
        persons = self._all(models.Identifier).filter(digest__in=list(digests)).values("person_id")
        rows = self._all(models.Request).filter(person_id__in=persons, forgotten=False)
        return tuple(self._cases(rows.filter(closed_on=None) if open_only else rows))

    def append(self, after: Request, events: Sequence[Event], *, expected: int) -> Case:
        """Write what happened, and the request as it is after it. `expected` is `events` of the case that was read.

        A request that comes to its end has the day of the last event as `closed_on`, and what was sealed for it goes.
        Raises Conflict where somebody wrote in between, NotThere.
        """
        if not events:
            raise ValueError("nothing happened")
        return self.append_many([(after, tuple(events), expected)])[0]

    def append_many(self, written: Sequence[tuple[Request, Sequence[Event], int]]) -> tuple[Case, ...]:
        """The same for many, all or none: a Conflict on one of them writes nothing."""
        with self.transaction():
            self._write_on(written)
            self._put_parts([after for after, _, _ in written])
            questions = [question for after, _, _ in written for question in _questions(after)]
            if questions:
                unique = ["request", "number"]
                self._add(
                    models.Question,
                    questions,
                    update_conflicts=True,
                    unique_fields=unique,
                    update_fields=["since", "until"],
                )
            numbered = [
                (after.id, replace(event, number=expected + place))
                for after, events, expected in written
                for place, event in enumerate(events, start=1)
            ]
            self._add_events(numbered)
            over = [after.id for after, _, _ in written if after.state in ENDED]
            if over:
                self._let_go(over)
            found = self._cases(self._all(models.Request).filter(id__in=[after.id for after, _, _ in written]))
            by_id = {case.request.id: case for case in found}
        return tuple(by_id[after.id] for after, _, _ in written)

    def set_part(self, request: str, part: SourcePart) -> None:
        """How a source is doing, outside the history: an attempt more, and the trouble it met. Raises NotThere."""
        said = {
            "state": part.part.value,
            "attempts": part.attempts,
            "trouble": part.trouble,
            "done_at": part.done_at,
        }
        with self.transaction():
            if not self._all(models.Request).filter(id=request).exists():
                raise NotThere("request")
            self._all(models.Part).update_or_create(request_id=request, source=part.source, defaults=said)

    def _let_go(self, requests: list[str]) -> None:
        raise NotImplementedError

    def _named(self, received: Sequence[Received]) -> tuple[Case, ...]:
        years: dict[int, int] = {}
        for each in received:
            years[each.request.received.year] = years.get(each.request.received.year, 0) + 1
        next_number = {year: self._execute(_COUNT, [year, many])[0][0] - many for year, many in sorted(years.items())}
        cases = []
        for each in received:
            year = each.request.received.year
            next_number[year] += 1
            request = replace(each.request, id=name(year, next_number[year], self._random))
            parts = tuple(SourcePart(source, part) for source, part in request.parts.items())
            cases.append(Case(request, each.person or self._new_person(), 1, each.event.at, None, parts))
        return tuple(cases)

    def _write_on(self, written: Sequence[tuple[Request, Sequence[Event], int]]) -> None:
        """Write the new states and count the events, where nobody has since: one statement for all alike."""
        alike: dict[str, tuple[dict[str, Any], int, int, list[str]]] = {}
        for after, events, expected in written:
            said = {**_state(after), "closed_on": events[-1].day if after.state in ENDED else None}
            alike.setdefault(repr((said, expected, len(events))), (said, expected, len(events), []))[3].append(after.id)
        for said, expected, more, ids in alike.values():
            for some in batched(ids, MOST):
                rows = self._all(models.Request).filter(id__in=some)
                if rows.filter(events=expected, closed_on=None).update(events=F("events") + more, **said) != len(some):
                    if rows.count() != len(set(some)):
                        raise NotThere("request")
                    raise Conflict("the request")

    def _put_parts(self, requests: Sequence[Request]) -> None:
        parts = [part for request in requests for part in _parts(request)]
        if parts:
            self._add(
                models.Part,
                parts,
                update_conflicts=True,
                unique_fields=["request", "source"],
                update_fields=["state"],
            )

    def _cases(self, rows: Any) -> Iterator[Case]:
        """The rows as cases, in order of receipt, whatever their number by three statements."""
        ordered = list(rows.order_by("received", "id"))
        ids = rows.order_by().values("id")
        parts = _grouped(self._all(models.Part).filter(request_id__in=ids).order_by("request_id", "source"))
        pauses = _grouped(self._all(models.Question).filter(request_id__in=ids).order_by("request_id", "number"))
        for row in ordered:
            yield _case(row, parts.get(row.id, []), pauses.get(row.id, []))


def _grouped(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    return {id: list(own) for id, own in groupby(rows, key=lambda row: str(row.request_id))}


def _row(case: Case) -> models.Request:
    request = case.request
    return models.Request(
        id=request.id,
        person_id=case.person,
        kind=request.kind.value,
        received=request.received,
        created=case.created,
        events=case.events,
        **_state(request),
    )


def _state(request: Request) -> dict[str, Any]:
    return {
        "state": request.state.value,
        "company": request.company,
        "purposes": list(request.purposes),
        "language": request.language,
        "proof": request.proof.value,
        "extended": request.extended,
        "extended_on": request.extended_on,
        "ground": request.ground,
        "protected": request.protected,
    }


def _parts(request: Request) -> list[models.Part]:
    return [models.Part(request_id=request.id, source=s, state=part.value) for s, part in request.parts.items()]


def _questions(request: Request) -> list[models.Question]:
    return [
        models.Question(request_id=request.id, number=number, since=pause.since, until=pause.until)
        for number, pause in enumerate(request.pauses, start=1)
    ]


def _case(row: Any, parts: list[Any], pauses: list[Any]) -> Case:
    own = tuple(SourcePart(p.source, Part(p.state), p.attempts, p.trouble, p.done_at) for p in parts)
    request = Request(
        id=row.id,
        kind=RequestKind(row.kind),
        received=row.received,
        state=State(row.state),
        company=row.company,
        purposes=tuple(row.purposes),
        language=row.language,
        proof=Proof(row.proof),
        parts={part.source: part.part for part in own},
        pauses=tuple(Pause(each.since, each.until) for each in pauses),
        extended=row.extended,
        extended_on=row.extended_on,
        ground=row.ground,
        protected=row.protected,
    )
    return Case(request, row.person_id, row.events, row.created, row.closed_on, own)
