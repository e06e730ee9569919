"""Requests in the store: received, written on by who has read the newest, listed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any, NoReturn

from django.db.models import F, Q

from ombud.register import models
from ombud.register.base import MOST, batched
from ombud.register.history import History
from ombud.register.model import Case, Entry, Identity, Incoming, SourcePart
from ombud.register.naming import name
from ombud.register.people import People
from ombud.register.trouble import Conflict, NotThere, Unsettled
from ombud.register.written import read, write
from ombud.rights.model import Part, Request, RequestKind, Restriction, State

STANDING = frozenset({Restriction.STANDS, Restriction.NOTICED})
"""How far a restriction has come that is not lifted: until then a closed request is not over (Art. 18(3))."""
BESIDE = frozenset({"id", "parts", "protected"})
"""Fields of a request that stand beside what `said` says: as the key, in rows of their own, and as a column."""

OPEN = Q(over_on=None)
"""Not closed, or closed with a restriction that stands still: something follows."""

_COUNT = (
    "INSERT INTO ombud_counter (year, last) VALUES (%s, %s) "
    "ON CONFLICT (year) DO UPDATE SET last = ombud_counter.last + excluded.last RETURNING last"
)


class Requests(History, People):
    """Every request, open and closed."""

    def add_request(self, request: Request, identities: Iterable[Identity], entry: Entry) -> Case:
        """A request that came in from somebody new to the register; gives it its name and its first entry."""
        return self.add_requests([Incoming(request, tuple(identities), entry)])[0]

    def add_requests(self, incoming: Sequence[Incoming]) -> tuple[Case, ...]:
        """Many at once, all or none, in a few statements. The year of a name is that of the day of receipt."""
        with self.transaction():
            cases = self._named(incoming)
            new = [case.person for case, each in zip(cases, incoming, strict=True) if each.person is None]
            self._add(models.Person, [models.Person(id=person) for person in new])
            identifiers = [
                row
                for case, each in zip(cases, incoming, strict=True)
                for row in self._identifiers(case.person, each.identities)
            ]
            self._add(models.Identifier, identifiers, ignore_conflicts=True)
            self._add(models.Request, [_row(case) for case in cases])
            self._add(models.Part, [part for case in cases for part in _parts(case.request)])
            self._add_entries([(case.request.id, each.entry) for case, each in zip(cases, incoming, strict=True)])
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
        rows = rows.filter(OPEN) if open_only else rows
        rows = rows.filter(kind=kind.value) if kind else rows
        rows = rows.filter(state=state.value) if state else rows
        return tuple(self._cases(rows))

    def open_with(self, persons: Collection[str]) -> tuple[Case, ...]:
        """Open requests of these persons, and of everybody who shares a keyed hash with one of them."""
        digests = {digest for own in self.digests_of(persons).values() for digest in own}
        meant = set(persons)
        for some in batched(list(digests), MOST):
            rows = self._all(models.Identifier).filter(digest__in=some).values_list("person_id", flat=True)
            meant.update(rows.distinct())
        found: list[Case] = []
        for some in batched(list(meant), MOST):
            found += self._cases(self._all(models.Request).filter(OPEN, person_id__in=some, forgotten=False))
        return tuple(found)

    def append(self, after: Request, entries: Sequence[Entry], *, expected: int) -> int:
        """Write what happened, and the request as it is after it; gives the number of the newest entry.

        `expected` is `entries` of the case that was read, or what the last append gave. Of a request after which
        nothing can follow, what was sealed for it goes at once. Raises Conflict where somebody wrote in between,
        Unsettled where it would close over a notice that was neither sent nor given up, and NotThere.
        """
        return self.append_many([(after, tuple(entries), expected)])[0]

    def append_many(self, written: Sequence[tuple[Request, Sequence[Entry], int]]) -> tuple[int, ...]:
        """The same for many, all or none: a Conflict on one of them writes nothing."""
        if any(not entries for _, entries, _ in written):
            raise ValueError("nothing happened")
        with self.transaction():
            self._write_on(written)
            self._put_parts([after for after, _, _ in written])
            numbered = [
                (after.id, replace(entry, number=expected + place))
                for after, entries, expected in written
                for place, entry in enumerate(entries, start=1)
            ]
            self._add_entries(numbered)
            self._check_settled([after.id for after, _, _ in written if after.state is State.CLOSED])
            over = [after.id for after, _, _ in written if _is_over(after)]
            if over:
                self._let_go(over, max(entries[-1].day for _, entries, _ in written))
        return tuple(expected + len(entries) for _, entries, expected in written)

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

    def _check_settled(self, requests: Sequence[str]) -> None:
        for some in batched(requests, MOST):
            if self._all(models.Notice).filter(request_id__in=some, sent_at=None, given_up="").exists():
                raise Unsettled

    def _let_go(self, requests: Sequence[str], day: date) -> None:
        """What was sealed for requests that come to their end goes (`forgetting.py`)."""
        raise NotImplementedError

    def _named(self, incoming: Sequence[Incoming]) -> tuple[Case, ...]:
        years: dict[int, int] = {}
        for each in incoming:
            years[each.request.received.year] = years.get(each.request.received.year, 0) + 1
        next_number = {year: self._execute(_COUNT, [year, many])[0][0] - many for year, many in sorted(years.items())}
        cases = []
        for each in incoming:
            year = each.request.received.year
            next_number[year] += 1
            request = replace(each.request, id=name(year, next_number[year], self._random))
            parts = tuple(SourcePart(source, part) for source, part in request.parts.items())
            cases.append(Case(request, each.person or self._new_person(), 1, each.entry.at, None, parts))
        return tuple(cases)

    def _write_on(self, written: Sequence[tuple[Request, Sequence[Entry], int]]) -> None:
        """Write the new states and count the entries, where nobody has since: one statement for all alike."""
        alike: dict[str, tuple[dict[str, Any], int, int, list[str]]] = {}
        for after, entries, expected in written:
            said = {**_state(after), "over_on": entries[-1].day if _is_over(after) else None}
            if not after.protected:
                said.pop("protected")  # somebody may have learned of it since: it is not unlearned
            alike.setdefault(repr((said, expected, len(entries))), (said, expected, len(entries), []))[3].append(
                after.id
            )
        for said, expected, more, ids in alike.values():
            for some in batched(ids, MOST):
                rows = self._all(models.Request).filter(id__in=some)
                if rows.filter(entries=expected).update(entries=F("entries") + more, **said) != len(some):
                    self._refuse(rows, len(set(some)))

    def _refuse(self, rows: Any, wanted: int) -> NoReturn:
        """Say why not every one of these rows was written on."""
        if rows.count() != wanted:
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
        """The rows as cases, in order of receipt, whatever their number by two statements."""
        ordered = list(rows.order_by("received", "id"))
        ids = rows.order_by().values("id")
        parts = _grouped(self._all(models.Part).filter(request_id__in=ids).order_by("request_id", "source"))
        for row in ordered:
            yield _case(row, parts.get(row.id, []))


def _grouped(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    return {id: list(own) for id, own in groupby(rows, key=lambda row: str(row.request_id))}


def _row(case: Case) -> models.Request:
    return models.Request(
        id=case.request.id, person_id=case.person, created=case.created, entries=case.entries, **_state(case.request)
    )


def _state(request: Request) -> dict[str, Any]:
    columns = {name: write(getattr(request, name)) for name in ("kind", "state", "company", "protected")}
    return {**columns, "received": request.received, "said": write(request, BESIDE)}


def _is_over(request: Request) -> bool:
    return request.state is State.CLOSED and request.restriction not in STANDING


def _parts(request: Request) -> list[models.Part]:
    return [models.Part(request_id=request.id, source=s, state=part.value) for s, part in request.parts.items()]


def _case(row: Any, parts: list[Any]) -> Case:
    own = tuple(SourcePart(p.source, Part(p.state), p.attempts, p.trouble, p.done_at) for p in parts)
    beside = {"id": row.id, "parts": {part.source: part.part for part in own}, "protected": row.protected}
    return Case(read(Request, row.said, **beside), row.person_id, row.entries, row.created, row.over_on, own)
