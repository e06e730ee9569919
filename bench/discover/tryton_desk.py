"""What a member of staff writes and hangs on a customer: notes, papers, letters; and what is logged of the work."""

from __future__ import annotations

import random
from typing import Any

from bench.discover.people import Person
from bench.discover.tryton_rows import found, made


def noted(person: Person, party: Any, user: Any, chance: random.Random) -> None:
    """The traces that one customer leaves on the desks of the firm."""
    if person.note:
        note = made("ir.note", resource=party, message=person.note)
        made("ir.note.read", note=note, user=user)
    if person.number % 6 == 0:
        made(
            "ir.attachment",
            resource=party,
            name=f"avtal {person.name}.txt",
            type="data",
            data=f"Avtal med {person.name}, {person.personnummer}".encode(),
            description=f"Undertecknat av {person.given} i {person.town}",
        )
        made("ir.attachment", resource=party, name="karta", type="link", link=f"https://karta.example/{person.street}")
    if chance.random() < 0.4:
        _letter(person, party, user)
    if chance.random() < 0.3:
        made("ir.model.log", resource=party, user=user, event="write", target="name,addresses")
    if person.number % 40 == 0:
        made(
            "ir.error",
            origin=found("ir.cron"),
            message=f"Adressen till {person.name} är ofullständig",
            description=f"{person.street}, {person.town}",
            processed_by=user,
        )


def _letter(person: Person, party: Any, user: Any) -> None:
    letter = made(
        "ir.email",
        resource=party,
        recipients=f"{person.name} <{person.email}>",
        recipients_secondary=user.email if person.number % 2 else None,
        recipients_hidden="arkiv@furuvik.example" if person.number % 3 == 0 else None,
        subject=f"Din order, {person.given}",
        body=f"<p>Hej {person.given}!</p><p>{person.note or 'Tack för din order.'}</p>",
    )
    made("ir.email.address", email=letter, address=person.email)
