"""What was shown to whom before consent was given (ISO/IEC TS 27560)."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models

from ombud.register.models.fields import Instant
from ombud.register.models.people import Person


class Consent(models.Model):
    """One act, `given` or `withdrawn`, and the text that was shown before it. Only added. `mark`: its number."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=16)
    purpose = models.CharField(max_length=64)
    company = models.CharField(max_length=64, blank=True, default="")
    text_version = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    shown_at = Instant(null=True)
    at = Instant()
    how = models.CharField(max_length=200)
    mark = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ombud_consent"
