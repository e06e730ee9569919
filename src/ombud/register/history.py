"""A request's history in the store: only added, numbered from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ombud.register import models
from ombud.register.base import Base
from ombud.register.model import Entry


class History(Base):
    """What happened to each request."""

    def history(self, request: str, after: int = 0) -> tuple[Entry, ...]:
        """The entries with a greater number, in order; the notes of what is long past are gone, and read as ''."""
        notes = {
            note.number: self._seal.open_text(bytes(note.text), note_about(request, note.number))
            for note in self._all(models.Note).filter(request_id=request, number__gt=after)
        }
        rows = self._all(models.Event).filter(request_id=request, number__gt=after).order_by("number")
        return tuple(
            Entry(row.kind, row.day, row.at, row.actor, notes.get(row.number, ""), row.payload, row.number)
            for row in rows
        )

    def _add_entries(self, happened: Sequence[tuple[str, Entry]]) -> None:
        """Write them under their numbers, the first of a request under 1."""
        happened = [(request, entry if entry.number else replace(entry, number=1)) for request, entry in happened]
        rows = [
            models.Event(
                request_id=request,
                number=entry.number,
                kind=entry.kind,
                day=entry.day,
                at=entry.at,
                actor=entry.actor,
                payload=dict(entry.payload),
            )
            for request, entry in happened
        ]
        self._add(models.Event, rows)
        notes = [
            models.Note(
                request_id=request,
                number=entry.number,
                text=self._seal.seal_text(entry.note, note_about(request, entry.number)),
            )
            for request, entry in happened
            if entry.note
        ]
        self._add(models.Note, notes)


def note_about(request: str, number: int) -> str:
    """What the words beside an event are sealed for."""
    return f"note.text/{request}/{number}"
