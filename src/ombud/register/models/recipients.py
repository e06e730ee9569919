"""Who was handed whose data, and what they are told."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models

from ombud.register.models.fields import Instant
from ombud.register.models.requests import Request


class Disclosure(models.Model):
    """Data of one person was handed to a recipient. The person is a set of keyed hashes, and outlives the data."""

    recipient = models.CharField(max_length=64)
    purpose = models.CharField(max_length=64)
    company = models.CharField(max_length=64, blank=True, default="")
    categories = models.JSONField(default=list)
    day = models.DateField()
    agreement = models.CharField(max_length=64, blank=True, default="")
    source = models.CharField(max_length=64, blank=True, default="")
    table = models.CharField(max_length=200, blank=True, default="")
    until = models.DateField(null=True)

    class Meta:
        db_table = "ombud_disclosure"
        indexes = (models.Index(fields=["until"], name="ombud_disclosure_until"),)


class DisclosedPerson(models.Model):
    """One keyed hash of the person whom a disclosure is about."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="persons")
    kind = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "ombud_disclosed_person"
        constraints = (models.UniqueConstraint(fields=["digest", "kind", "disclosure"], name="ombud_disclosed_once"),)


class Notice(models.Model):
    """What has to reach somebody, until it has, or somebody says why it cannot: the outbox.

    `key` is the same whenever it is sent again. `lease` is the sender's while `leased_until` has not passed.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, null=True, related_name="+")
    recipient = models.CharField(max_length=64)
    why = models.CharField(max_length=32)
    channel = models.CharField(max_length=16)
    key = models.CharField(max_length=64, unique=True)
    content = models.BinaryField(null=True)
    made = Instant()
    attempts = models.IntegerField(default=0)
    next_attempt = Instant(null=True)
    trouble = models.CharField(max_length=32, blank=True, default="")
    lease = models.CharField(max_length=32, blank=True, default="")
    leased_until = Instant(null=True)
    sent_at = Instant(null=True)
    receipt = models.TextField(blank=True, default="")
    given_up = models.TextField(blank=True, default="")
    given_up_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "ombud_notice"
        indexes = (
            models.Index(
                fields=["next_attempt", "id"],
                condition=models.Q(sent_at__isnull=True, given_up=""),
                name="ombud_notice_waiting",
            ),
        )
