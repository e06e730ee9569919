"""A request's history in the store: only added, numbered from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ombud.register import models
from ombud.register.base import Base
from ombud.register.model import Event


class History(Base):
    """What happened to each request."""

    def events(self, request: str, after: int = 0) -> tuple[Event, ...]:
        """The events with a greater number, in order; the notes of what is long past are gone, and read as ''."""
        notes = {
            note.number: self._seal.open_text(bytes(note.text), _about(request, note.number))
            for note in self._all(models.Note).filter(request_id=request, number__gt=after)
        }
        rows = self._all(models.Event).filter(request_id=request, number__gt=after).order_by("number")
        return tuple(
            Event(row.kind, row.day, row.at, row.actor, notes.get(row.number, ""), row.payload, row.number)
            for row in rows
        )

    def _add_events(self, happened: Sequence[tuple[str, Event]]) -> None:
        """Write them under their numbers, the first of a request under 1."""
        happened = [(request, event if event.number else replace(event, number=1)) for request, event in happened]
        rows = [
            models.Event(
                request_id=request,
                number=event.number,
                kind=event.kind,
                day=event.day,
                at=event.at,
                actor=event.actor,
                payload=dict(event.payload),
            )
            for request, event in happened
        ]
        self._add(models.Event, rows)
        notes = [
            models.Note(
                request_id=request,
                number=event.number,
                text=self._seal.seal_text(event.note, _about(request, event.number)),
            )
            for request, event in happened
            if event.note
        ]
        self._add(models.Note, notes)


def _about(request: str, number: int) -> str:
    return f"note.text/{request}/{number}"
