"""What a database's row says of a handing-over, beside the ledger's own words."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models

from ombud.register.models.recipients import Disclosure


class Particulars(models.Model):
    """Of one disclosure. `row` is a keyed hash, the same for the same row; `known_as` is sealed."""

    disclosure = models.OneToOneField(Disclosure, on_delete=models.CASCADE, primary_key=True, related_name="+")
    row = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    known_as = models.BinaryField(null=True)
    told = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "ombud_particulars"
        constraints = (
            models.UniqueConstraint(fields=["row"], condition=~models.Q(row=""), name="ombud_particulars_row_once"),
        )
