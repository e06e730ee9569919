"""What proving who asks takes: a code that was sent, how often messages were started, a registered address."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models

from ombud.register.models.fields import Instant
from ombud.register.models.requests import Request


class Challenge(models.Model):
    """A code that was sent to a contact point: keyed hashes alone, and, sealed, what is asked once it is answered.

    `request` is the one that it proves; without one, `asked` becomes a request when the code comes back.
    """

    id = models.CharField(primary_key=True, max_length=32)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, null=True, related_name="+")
    point = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    until = Instant()
    tried = models.IntegerField(default=0)
    spent = models.BooleanField(default=False)
    asked = models.BinaryField(null=True)

    class Meta:
        db_table = "ombud_challenge"
        indexes = (models.Index(fields=["until"], name="ombud_challenge_until"),)


class Started(models.Model):
    """When messages were started lately to one address, or from one origin, by its keyed hash."""

    scope = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    instants = models.JSONField(default=list)
    newest = Instant()

    class Meta:
        db_table = "ombud_started"
        constraints = (models.UniqueConstraint(fields=["scope", "digest"], name="ombud_started_once"),)
        indexes = (models.Index(fields=["newest"], name="ombud_started_newest"),)


class Registered(models.Model):
    """What the population register said of whom a request is about, sealed; gone once the answer was delivered."""

    request = models.OneToOneField(Request, on_delete=models.CASCADE, primary_key=True, related_name="+")
    entry = models.BinaryField()
    at = Instant()

    class Meta:
        db_table = "ombud_registered"
