"""Who proved who they are, and who approved what."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from ombud.register.models.fields import Instant
from ombud.register.models.requests import Request


class Proven(models.Model):
    """A rung of the ladder that was reached, and how. Staff vouch for a person in pairs."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    rung = models.CharField(max_length=32)
    how = models.CharField(max_length=200)
    at = Instant()
    by = models.CharField(max_length=200, blank=True, default="")
    second = models.CharField(max_length=200, blank=True, default="")
    reference = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "ombud_proven"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(rung="staff")
                | (~models.Q(by="") & ~models.Q(second="") & ~models.Q(second=models.F("by"))),
                name="ombud_proven_by_two_of_staff",
            ),
        )


class Approval(models.Model):
    """One person's approval of one thing: `what` it is, and `about` which. The same person approves it once."""

    what = models.CharField(max_length=64)
    about = models.CharField(max_length=200)
    by = models.CharField(max_length=200)
    at = Instant()

    class Meta:
        db_table = "ombud_approval"
        constraints = (models.UniqueConstraint("what", "about", Lower("by"), name="ombud_approval_once_each"),)
