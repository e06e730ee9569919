"""The ledger of disclosures in the store: who was handed whose data, by name, purpose and agreement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from ombud.register import models
from ombud.register.base import MOST, Base, batched
from ombud.register.model import Disclosure, Why


class Ledger(Base):
    """Every handing-over, for as long as somebody may ask who has had their data (Art. 15(1)(c))."""

    def add_disclosures(self, disclosures: Sequence[Disclosure]) -> tuple[Disclosure, ...]:
        """Write them down; the same with the ids that the register gave. Each is about one person."""
        if any(not each.persons for each in disclosures):
            raise ValueError("a disclosure is about somebody")
        rows = [
            models.Disclosure(
                recipient=each.recipient,
                purpose=each.purpose,
                company=each.company,
                categories=list(each.categories),
                day=each.day,
                agreement=each.agreement,
                source=each.source,
                table=each.table,
                until=each.until,
            )
            for each in disclosures
        ]
        with self.transaction():
            made = self._add(models.Disclosure, rows)
            persons = [
                models.DisclosedPerson(disclosure_id=row.id, kind=kind, digest=digest)
                for row, each in zip(made, disclosures, strict=True)
                for kind, digest in sorted(each.persons)
            ]
            self._add(models.DisclosedPerson, persons)
        return tuple(replace(each, id=row.id) for row, each in zip(made, disclosures, strict=True))

    def disclosures_of(self, digests: Iterable[str]) -> tuple[Disclosure, ...]:
        """What was handed over of whoever has one of these keyed hashes, by day."""
        of = self._all(models.DisclosedPerson).filter(digest__in=list(digests)).values("disclosure_id")
        return self._disclosures(self._all(models.Disclosure).filter(id__in=of))

    def disclosed_of(self, digests: Collection[str]) -> frozenset[str]:
        """Those of these keyed hashes of whose bearers something was handed over."""
        rows = (
            self._all(models.DisclosedPerson).filter(digest__in=some).values_list("digest", flat=True)
            for some in batched(list(digests), MOST)
        )
        return frozenset(digest for found in rows for digest in found)

    def disclosures_ended(self, today: date) -> tuple[Disclosure, ...]:
        """Those that a recipient may hold no longer, and has not been told of (`Why.RETENTION_ENDED`)."""
        told = self._all(models.Notice).filter(disclosure_id=OuterRef("id"), why=Why.RETENTION_ENDED.value)
        return self._disclosures(self._all(models.Disclosure).filter(~Exists(told), until__lt=today))

    def _disclosures(self, rows: Any) -> tuple[Disclosure, ...]:
        persons: dict[int, set[tuple[str, str]]] = {}
        of = self._all(models.DisclosedPerson).filter(disclosure_id__in=rows.order_by().values("id"))
        for id, kind, digest in of.values_list("disclosure_id", "kind", "digest"):
            persons.setdefault(id, set()).add((kind, digest))
        return tuple(_disclosure(row, frozenset(persons.get(row.id, ()))) for row in rows.order_by("day", "id"))


def _disclosure(row: Any, persons: frozenset[tuple[str, str]]) -> Disclosure:
    return Disclosure(
        recipient=row.recipient,
        purpose=row.purpose,
        day=row.day,
        persons=persons,
        categories=tuple(row.categories),
        company=row.company,
        agreement=row.agreement,
        source=row.source,
        table=row.table,
        until=row.until,
        id=row.id,
    )
