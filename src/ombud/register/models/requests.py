"""Requests: how far each has come, in every source, and its numbered history."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models

from ombud.register.models.fields import Instant
from ombud.register.models.people import Person


class Counter(models.Model):
    """How many requests a year has had: the number in a request's name."""

    year = models.IntegerField(primary_key=True)
    last = models.IntegerField()

    class Meta:
        db_table = "ombud_counter"


class Request(models.Model):
    """A request: what it is found by in columns, the rest of `rights.model.Request` in `said`.

    `entries` counts its history: who writes says what they had read.
    `over_on` is the day since which nothing can follow. `forgotten` is set years after it, and lets the history go.
    """

    id = models.CharField(primary_key=True, max_length=32)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=32)
    received = models.DateField()
    company = models.CharField(max_length=64, null=True)
    protected = models.BooleanField(default=False)
    said = models.JSONField()
    created = Instant()
    entries = models.IntegerField()
    over_on = models.DateField(null=True)
    forgotten = models.BooleanField(default=False)

    class Meta:
        db_table = "ombud_request"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(forgotten=False) | models.Q(over_on__isnull=False),
                name="ombud_request_forgotten_after_its_end",
            ),
        )
        indexes = (
            models.Index(fields=["received", "id"], condition=~models.Q(state="closed"), name="ombud_request_open"),
            models.Index(fields=["over_on"], name="ombud_request_over"),
        )


class Event(models.Model):
    """One thing that happened to a request. Only added: a trigger refuses a change, and a removal before its time.

    `payload` holds no personal data; what does is a Note.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    kind = models.CharField(max_length=64)
    day = models.DateField()
    at = Instant()
    actor = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)

    class Meta:
        db_table = "ombud_event"
        constraints = (models.UniqueConstraint(fields=["request", "number"], name="ombud_event_number"),)


class Note(models.Model):
    """The words beside an event, sealed. They go before the event does."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    text = models.BinaryField()

    class Meta:
        db_table = "ombud_note"
        constraints = (models.UniqueConstraint(fields=["request", "number"], name="ombud_note_number"),)


class Part(models.Model):
    """How far a request has come in one source. `trouble` is a finding's code, without data."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=64)
    state = models.CharField(max_length=32)
    attempts = models.IntegerField(default=0)
    trouble = models.CharField(max_length=32, blank=True, default="")
    done_at = Instant(null=True)

    class Meta:
        db_table = "ombud_part"
        constraints = (models.UniqueConstraint(fields=["request", "source"], name="ombud_part_source"),)
