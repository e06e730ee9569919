"""Many requests that came in together, each a line of one file."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models

from ombud.register.models.fields import Instant
from ombud.register.models.requests import Request


class Batch(models.Model):
    """A file of requests. `lines` is how far it is taken in, `whole` that all of it is."""

    id = models.CharField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=32)
    made = Instant()
    by = models.CharField(max_length=200)
    lines = models.IntegerField(default=0)
    whole = models.BooleanField(default=False)

    class Meta:
        db_table = "ombud_batch"


class Batched(models.Model):
    """The line of a batch's file that is a request."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, primary_key=True, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.IntegerField()

    class Meta:
        db_table = "ombud_batched"
        constraints = (models.UniqueConstraint(fields=["batch", "line"], name="ombud_batched_line"),)
