"""Subscribers of whom nothing but the e-mail address is known, and which issues they opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from examples.cag.days import iso_text, local
from examples.cag.people import Person
from examples.cag.situations import ASTRID, GRETA, MONA
from examples.cag.table import put


def fill(
    db: sqlite3.Connection, today: date, random: Random, cast: Callable[[], Person], customers: Sequence[Person]
) -> None:
    """Fill the newsletter: by consent, as customers, opted out long ago, today, and not at all."""

    def subscriber(email: str, came_by: str, added: date, *, opted_in: bool, opted_out: date | None) -> None:
        since = iso_text(local(added, random))
        number = put(
            db,
            "subscriber",
            email=email,
            came_by=came_by,
            opted_in_at=since if opted_in else None,
            opted_out_at=iso_text(local(opted_out, random)) if opted_out else None,
            added_at=since,
        )
        last = opted_out or today
        for issue in range(random.randint(0, 4)):
            opened = added + (last - added) * random.random()
            put(
                db,
                "opening",
                subscriber_id=number,
                issue=f"{opened.year} nr {issue + 1}",
                opened_at=iso_text(local(opened, random)),
            )

    outs = (None, None, None, -500, None, -30, None, -1, None, 0)
    for n in range(50):
        added = today - timedelta(days=random.randint(60 + 500, 1500))
        out = outs[n % len(outs)]
        opted_out = today + timedelta(days=out) if out is not None else None
        subscriber(cast().email, ("web", "event")[n % 2], added, opted_in=n % 10 != 4, opted_out=opted_out)
    for n, person in enumerate(random.sample(list(customers), 40)):
        added = today - timedelta(days=random.randint(60 + 500, 1500))
        out = outs[n % len(outs)]
        opted_out = today + timedelta(days=out) if out is not None else None
        email = person.email.upper() if n % 8 == 0 else person.email
        subscriber(email, "customer", added, opted_in=n % 4 == 0, opted_out=opted_out)

    long_ago = today - timedelta(days=1000)
    subscriber(MONA.email, "event", long_ago, opted_in=True, opted_out=today - timedelta(days=1))
    subscriber(ASTRID.email, "customer", long_ago, opted_in=True, opted_out=None)
    subscriber(GRETA.email.upper(), "customer", long_ago, opted_in=False, opted_out=None)
