"""Answers and corrections in the store: sealed, and wiped when the answer is delivered or its time has passed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from ombud.register import models
from ombud.register.base import MOST, Base, batched
from ombud.register.model import Answer, Correction
from ombud.register.trouble import NotThere


class Answers(Base):
    """What the person is to be given, until they have it."""

    def keep_answer(
        self, request: str, name: str, media_type: str, content: bytes, made: datetime, keep_until: date
    ) -> Answer:
        """Keep a file of an answer, sealed. `keep_until` is the last day on which it is kept undelivered."""
        with self.transaction():
            number = self._next(models.Answer, request)
            row = self._all(models.Answer).create(
                request_id=request,
                number=number,
                name=name,
                media_type=media_type,
                content=self._seal.seal(content, answer_about(request, number)),
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                made=made,
                keep_until=keep_until,
            )
        return _answer(row)

    def answers(self, request: str) -> tuple[Answer, ...]:
        """Every file of the answer, also of those whose content is gone."""
        rows = self._all(models.Answer).filter(request_id=request).defer("content").order_by("number")
        return tuple(_answer(row) for row in rows)

    def answer_content(self, request: str, number: int) -> bytes:
        """What a file says. Raises NotThere where it is gone, or never was."""
        row = self._all(models.Answer).filter(request_id=request, number=number).first()
        if row is None or row.content is None:
            raise NotThere("answer")
        return self._seal.open(bytes(row.content), answer_about(request, number))

    def delivered(self, request: str, at: datetime, day: date) -> int:
        """The person has the answer: no copy of it, nor of what was corrected, is kept. How many files that wiped."""
        with self.transaction():
            waiting = self._all(models.Answer).filter(request_id=request, content__isnull=False)
            wiped = int(waiting.update(content=None, delivered_at=at, wiped_on=day))
            self._wipe_corrections([request])
            self._all(models.Registered).filter(request_id=request).delete()
        return wiped

    def discard_answers(self, request: str, day: date) -> int:
        """What was put together is not what is to be delivered. How many files that wiped."""
        return self.discard_answers_of([request], day)

    def discard_answers_of(self, requests: Sequence[str], day: date) -> int:
        """The same of many requests."""
        with self.transaction():
            rows = (self._all(models.Answer).filter(request_id__in=some) for some in batched(requests, MOST))
            return sum(self._wipe_answers(some, day) for some in rows)

    def keep_corrections(self, request: str, corrections: Sequence[Correction]) -> None:
        """What was corrected, before and after, for the answer that says so."""
        with self.transaction():
            first = self._next(models.Correction, request)
            rows = [
                models.Correction(
                    request_id=request,
                    number=number,
                    source=each.source,
                    table=each.table,
                    cell=each.cell,
                    change=self._seal.seal_text(
                        json.dumps([each.key, each.before, each.after]), _about("correction.change", request, number)
                    ),
                )
                for number, each in enumerate(corrections, start=first)
            ]
            self._add(models.Correction, rows)

    def drop_corrections(self, request: str, sources: Iterable[str]) -> None:
        """What was to be corrected in these sources is decided anew."""
        self._all(models.Correction).filter(request_id=request, source__in=list(sources)).delete()

    def corrections(self, request: str) -> tuple[Correction, ...]:
        """What was corrected; where the values are wiped, which cells."""
        rows = self._all(models.Correction).filter(request_id=request).order_by("number")
        return tuple(self._correction(row) for row in rows)

    def _correction(self, row: Any) -> Correction:
        said = [None, None, None]
        if row.change is not None:
            about = _about("correction.change", row.request_id, row.number)
            said = json.loads(self._seal.open_text(bytes(row.change), about))
        return Correction(row.source, row.table, row.cell, *said)

    def _next(self, model: Any, request: str) -> int:
        """The next number of a row of a request, whose own row is held meanwhile. Raises NotThere."""
        if not self._all(models.Request).select_for_update().filter(id=request).exists():
            raise NotThere("request")
        last = self._all(model).filter(request_id=request).aggregate(last=Max("number"))["last"]
        return int(last or 0) + 1

    def _wipe_answers(self, rows: Any, day: date) -> int:
        return int(rows.filter(content__isnull=False).update(content=None, wiped_on=day))

    def _wipe_corrections(self, requests: Iterable[str] | Any) -> int:
        held = self._all(models.Correction).filter(change__isnull=False)
        return int(held.filter(request_id__in=requests).update(change=None))


def _answer(row: Any) -> Answer:
    return Answer(
        row.request_id,
        row.number,
        row.name,
        row.media_type,
        row.sha256,
        row.size,
        row.made,
        row.keep_until,
        row.delivered_at,
        row.wiped_on,
    )


def answer_about(request: str, number: int) -> str:
    """What a file of an answer is sealed for."""
    return _about("answer.content", request, number)


def _about(what: str, request: str, number: int) -> str:
    return f"{what}/{request}/{number}"
