"""A row through django-oscar's own models, with its clock set back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from oscar.core.loading import get_model

from bench.discover.people import Person

WHEN = ("date_created", "date_placed", "date_sent", "date_joined", "action_time")


def made(model: str | type[Any], when: datetime | None = None, **values: object) -> Any:
    """A row of `model`; its own clock is set back to `when`, so that a seed makes the same shop again."""
    kind = get_model(*model.split(".")) if isinstance(model, str) else model
    row = kind.objects.create(**values)
    clocks = [field.name for field in kind._meta.fields if field.name in WHEN] if when else []
    if clocks:
        kind.objects.filter(pk=row.pk).update(**dict.fromkeys(clocks, when))
    return row


def address(person: Person) -> dict[str, object]:
    return {
        "title": "Ms" if person.woman and person.country == "GB" else "",
        "first_name": person.given,
        "last_name": person.family,
        "line1": person.street,
        "line2": f"c/o {person.firm}" if person.firm else "",
        "line4": person.town,
        "postcode": person.postcode,
        "country_id": person.country,
        "phone_number": person.phone,
    }
