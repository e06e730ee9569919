"""What is kept until it is delivered: answers, and what a correction changed."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models

from ombud.register.models.fields import Instant
from ombud.register.models.requests import Request


class Answer(models.Model):
    """A file of an answer, sealed. `content` is wiped on delivery, or when `keep_until` has passed; the hash stays."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    made = Instant()
    keep_until = models.DateField()
    delivered_at = Instant(null=True)
    wiped_on = models.DateField(null=True)

    class Meta:
        db_table = "ombud_answer"
        constraints = (models.UniqueConstraint(fields=["request", "number"], name="ombud_answer_number"),)


class Correction(models.Model):
    """A cell that was corrected: where it is, and, sealed, its row's key, what stood there, and what stands now."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    source = models.CharField(max_length=64)
    table = models.CharField(max_length=200)
    cell = models.CharField(max_length=200)
    change = models.BinaryField(null=True)

    class Meta:
        db_table = "ombud_correction"
        constraints = (models.UniqueConstraint(fields=["request", "number"], name="ombud_correction_number"),)
