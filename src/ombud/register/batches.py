"""Batches in the store: many requests of one file, taken in, read and answered many at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Max

from ombud.register import models
from ombud.register.answers import Answers, answer_about
from ombud.register.decisions import Decisions
from ombud.register.history import note_about
from ombud.register.model import Batch, Case, Entry, Incoming, NewAnswer, Proven
from ombud.register.requests import Requests
from ombud.register.trouble import Conflict, NotThere
from ombud.rights.model import RequestKind, State


class Batches(Requests, Answers, Decisions):
    """Every batch. However many requests a method is given, it is a few statements."""

    def begin_batch(self, id: str, kind: RequestKind, by: str, at: datetime) -> Batch:
        """The batch of this id, which is made where it is not there."""
        new = [models.Batch(id=id, kind=kind.value, by=by, made=at)]
        with self.transaction():
            self._add(models.Batch, new, ignore_conflicts=True)
        return self.batch(id)

    def batch(self, id: str) -> Batch:
        """Raises NotThere."""
        row = self._all(models.Batch).filter(id=id).first()
        if row is None:
            raise NotThere("batch")
        return _batch(row)

    def batches(self) -> tuple[Batch, ...]:
        """Every batch, by when it came in."""
        return tuple(map(_batch, self._all(models.Batch).order_by("made", "id")))

    def batch_of(self, request: str) -> tuple[str, int] | None:
        """The id of the batch that a request came in with, and of how many requests it is; None where with none."""
        row = self._all(models.Batched).filter(request_id=request).first()
        if row is None:
            return None
        return str(row.batch_id), int(self._all(models.Batched).filter(batch_id=row.batch_id).count())

    def add_to_batch(self, batch: Batch, incoming: Sequence[Incoming], lines: Sequence[int]) -> tuple[Case, ...]:
        """Requests that came in, all or none, each of a line of the batch's file.

        Raises Conflict where somebody else is taking the same file in.
        """
        with self.transaction():
            own = self._all(models.Batch).filter(id=batch.id, lines=batch.lines, whole=False)
            if not own.update(lines=lines[-1]):
                raise Conflict("the batch")
            cases = self.add_requests(incoming)
            rows = [
                models.Batched(request_id=case.request.id, batch_id=batch.id, line=line)
                for case, line in zip(cases, lines, strict=True)
            ]
            self._add(models.Batched, rows)
        return cases

    def close_batch(self, id: str) -> None:
        """All of its file is taken in."""
        with self.transaction():
            self._all(models.Batch).filter(id=id).update(whole=True)

    def batched(
        self, id: str, states: Collection[State], after: int = 0, most: int = 500, *, protected: bool | None = None
    ) -> tuple[tuple[int, Case], ...]:
        """The next so many requests of a batch that are in one of these states, by line, each with its line.

        `protected`: those of protected identities alone, or all but them.
        """
        rows = self._all(models.Batched).filter(batch_id=id, line__gt=after)
        rows = rows.filter(request__state__in=[state.value for state in states]).order_by("line")
        rows = rows if protected is None else rows.filter(request__protected=protected)
        lines: dict[str, int] = dict(rows.values_list("request_id", "line")[:most])
        cases = {case.request.id: case for case in self._cases(self._all(models.Request).filter(id__in=list(lines)))}
        return tuple((line, cases[request]) for request, line in lines.items())

    def states_of(self, id: str) -> Mapping[State, int]:
        """How many requests of a batch are in which state."""
        rows = self._all(models.Batched).filter(batch_id=id).values("request__state").annotate(many=Count("line"))
        return {State(row["request__state"]): row["many"] for row in rows}

    # --- many requests at a time -----------------------------------------------------------------------------------

    def histories(self, requests: Collection[str]) -> Mapping[str, tuple[Entry, ...]]:
        """The whole history of each, as `history` gives that of one."""
        notes = {
            (note.request_id, note.number): self._seal.open_text(
                bytes(note.text), note_about(note.request_id, note.number)
            )
            for note in self._all(models.Note).filter(request_id__in=requests)
        }
        rows = self._all(models.Event).filter(request_id__in=requests).order_by("request_id", "number")
        return {
            id: tuple(
                Entry(row.kind, row.day, row.at, row.actor, notes.get((id, row.number), ""), row.payload, row.number)
                for row in own
            )
            for id, own in groupby(rows, key=lambda row: str(row.request_id))
        }

    def add_proofs(self, requests: Iterable[str], proven: Proven) -> None:
        """The same rung, reached by each of them in the same way. Raises OneAndTheSame as for one."""
        row = self._proof(proven)
        with self.transaction():
            self._add(models.Proven, [models.Proven(request_id=request, **row) for request in requests])

    def answered(self, requests: Collection[str]) -> frozenset[str]:
        """Those for which an answer waits to be delivered."""
        rows = self._all(models.Answer).filter(request_id__in=requests, wiped_on=None)
        return frozenset(rows.values_list("request_id", flat=True))

    def keep_answers(self, answers: Sequence[NewAnswer], made: datetime, keep_until: date) -> None:
        """Keep files of requests without an answer, sealed, numbered from 1 in their order."""
        self._add_answers(answers, made, keep_until, delivered=None)

    def note_answers(self, answers: Sequence[NewAnswer], made: datetime, day: date) -> None:
        """Of files that were delivered as soon as they were made: what there was, and no content."""
        self._add_answers(answers, made, day, delivered=made)

    def delivered_all(self, requests: Collection[str], at: datetime, day: date) -> None:
        """Everybody has the answer: no copy is kept, nor of what was corrected."""
        with self.transaction():
            waiting = self._all(models.Answer).filter(request_id__in=requests, content__isnull=False)
            waiting.update(content=None, delivered_at=at, wiped_on=day)
            self._wipe_corrections(requests)

    def _add_answers(
        self, answers: Sequence[NewAnswer], made: datetime, day: date, *, delivered: datetime | None
    ) -> None:
        asked = {each.request for each in answers}
        rows = []
        with self.transaction():
            before = self._all(models.Answer).filter(request_id__in=asked).values("request_id")
            numbers = dict(before.annotate(last=Max("number")).values_list("request_id", "last"))
            for each in answers:
                number = numbers[each.request] = numbers.get(each.request, 0) + 1
                sealed = None if delivered else self._seal.seal(each.content, answer_about(each.request, number))
                rows.append(
                    models.Answer(
                        request_id=each.request,
                        number=number,
                        name=each.name,
                        media_type=each.media_type,
                        content=sealed,
                        sha256=hashlib.sha256(each.content).hexdigest(),
                        size=len(each.content),
                        made=made,
                        keep_until=day,
                        delivered_at=delivered,
                        wiped_on=day if delivered else None,
                    )
                )
            self._add(models.Answer, rows)


def _batch(row: Any) -> Batch:
    return Batch(row.id, RequestKind(row.kind), row.made, row.by, row.lines, row.whole)
