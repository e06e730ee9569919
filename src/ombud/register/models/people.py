"""Persons: sets of identifiers, each a keyed hash, its value sealed for as long as it is searched for."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django.db import models


class Person(models.Model):
    """Whoever a request, or a consent, is about. Two persons are never made one because they look alike.

    `protected`: by law or on the person's own word. Who may see the address then stands in `seen_by`.
    `forgotten` is set when nothing is to be remembered of the person any more, and lets their consents go.
    """

    id = models.CharField(primary_key=True, max_length=32)
    protected = models.BooleanField(default=False)
    why_protected = models.CharField(max_length=200, blank=True, default="")
    seen_by = models.JSONField(default=list)
    forgotten = models.BooleanField(default=False)

    class Meta:
        db_table = "ombud_person"


class Identifier(models.Model):
    """One identifier of a person. `source` is where it was found, empty where it was said.

    `value` is sealed, and kept while a request is open: a source that is down today is searched tomorrow.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=64, blank=True, default="")
    value = models.BinaryField(null=True)

    class Meta:
        db_table = "ombud_identifier"
        constraints = (
            models.UniqueConstraint(fields=["person", "kind", "digest", "source"], name="ombud_identifier_once"),
        )
        indexes = (models.Index(fields=["digest", "kind"], name="ombud_identifier_digest"),)
