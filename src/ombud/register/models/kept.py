"""Which secret the register was made with."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models


class Fingerprint(models.Model):
    """A hash of the secret: with another one, nobody would be found again, and nothing sealed could be read.

    There is one, numbered 1.
    """

    id = models.SmallIntegerField(primary_key=True)
    of_key = models.CharField(max_length=64)

    class Meta:
        db_table = "ombud_fingerprint"
