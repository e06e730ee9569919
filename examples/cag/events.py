"""Events and courses with their guests, what the guests cannot eat, and what the caterer was told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from examples.cag.days import ZONE, Deadline, Stage, local, swedish_text
from examples.cag.people import Person, shouted
from examples.cag.situations import CECILIA, INGRID
from examples.cag.table import put

ALLERGIES = ("nötter", "gluten", "skaldjur", "laktos", "ägg", "sesam")
TITLES = ("Frukostseminarium", "Grundkurs i molndrift", "Kunddag", "Säkerhetskväll", "Kurs i kodgranskning")


def fill(
    db: sqlite3.Connection, today: date, random: Random, cast: Callable[[], Person], customers: Sequence[Person]
) -> None:
    """Fill events around today: over for years, over yesterday, going on, to come; half of them without an end."""
    caterer = put(db, "caterer", name="Påhittade Smörgåsar AB", agreement="caterer_terms 2026-02-02")

    def event(company: str, starts: date, days: int | None) -> int:
        return put(
            db,
            "event",
            company=company,
            title=random.choice(TITLES),
            venue="Provgatan 1, Bärnvik",
            starts=swedish_text(datetime.combine(starts, time(8, 30), ZONE)),
            ends=None
            if days is None
            else swedish_text(datetime.combine(starts + timedelta(days=days), time(16, 0), ZONE)),
        )

    def guest(event: int, person: Person, registered: date, allergy: str | None, *, told: bool = True) -> None:
        at = swedish_text(local(registered, random))
        number = put(db, "registration", event_id=event, **person.contact(), registered_at=at)
        if allergy is None:
            return
        noted = put(db, "allergy", event_id=event, registration_id=number, what=allergy, noted_at=at)
        if told:
            card = f"Plats {number}"
            put(db, "caterer_list", caterer_id=caterer, allergy_id=noted, place_card=card, what=allergy, sent_at=at)

    quarter = Deadline(today, 3)
    for n, offset in enumerate((-900, -400, -120, -31, -8, -2, -1, 0, 1, 6, 40, 150)):
        starts = today + timedelta(days=offset)
        one = event(("BU", "BK", "BG")[n % 3], starts, None if n % 2 == 0 else n % 3)
        for m in range(6):
            person = cast() if m % 2 else random.choice(customers)
            registered = min(starts, today) - timedelta(days=random.randint(0, 60))
            guest(one, shouted(person) if m == 5 else person, registered, random.choice(ALLERGIES) if m < 2 else None)

    for stage in (Stage.DUE_TODAY, Stage.DUE_TOMORROW):
        submitted = quarter.start(stage, random) or today
        guest(event("BU", today + timedelta(days=30), 1), cast(), submitted, random.choice(ALLERGIES))
    yesterday = event("BU", today - timedelta(days=1), None)
    guest(yesterday, INGRID, today - timedelta(days=12), "nötter")
    guest(yesterday, CECILIA, today - timedelta(days=30), None)
    # an allergy that reached the kitchen without a registration
    put(
        db,
        "allergy",
        event_id=yesterday,
        registration_id=None,
        what="skaldjur",
        noted_at=swedish_text(local(today - timedelta(days=1), random)),
    )
