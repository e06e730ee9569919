"""Customer service: cases that close and open again, contacts that never became a case, messages on social media."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import cycle
from random import Random

from examples.cag.days import STAGES, STARTED, Deadline, Stage, add_months, local, swedish_text
from examples.cag.people import Person, shouted
from examples.cag.situations import ASTRID, GRETA, HENRIK
from examples.cag.table import put

COMPANIES = ("BK", "BD", "BU")
PRODUCTS = ("Molnlagring", "Driftavtal", "Jourtelefon", "Kursportalen")
QUESTIONS = ("Det går inte att logga in.", "Fakturan blev fel.", "Kursportalen är långsam.", "Var är min beställning?")
ANSWERS = ("Nu är det ordnat.", "Vi har ringt och löst det.", "Vi återkommer i morgon.")


def fill(
    db: sqlite3.Connection, today: date, random: Random, cast: Callable[[], Person], customers: Sequence[Person]
) -> None:
    """Fill customer service; some of those who write are customers, some are not."""

    def case(company: str, person: Person, opened: date, *events: tuple[str, date]) -> None:
        number = put(
            db,
            "support_case",
            company=company,
            **person.contact(),
            product=random.choice(PRODUCTS),
            subject=random.choice(QUESTIONS),
            created_at=swedish_text(local(opened, random)),
        )
        for step, (event, day) in enumerate((("opened", opened), *events), start=1):
            happened = swedish_text(local(day, random))
            put(db, "case_event", case_id=number, step=step, event=event, happened_at=happened)
            sender, body = (
                ("us", random.choice(ANSWERS)) if event == "closed" else ("customer", random.choice(QUESTIONS))
            )
            put(db, "message", case_id=number, sender=sender, body=body, sent_at=happened)

    year = Deadline(today, 12)
    for n, stage in zip(range(70), cycle(STAGES), strict=False):
        person = random.choice(customers) if n % 3 else cast()
        person = shouted(person) if n % 11 == 0 else person
        closed = year.start(stage, random)
        opened = (closed or today) - timedelta(days=random.randint(1, 40))
        history = [("closed", closed)] if closed else []
        if closed and n % 5 == 0:  # closed twice: only the second time counts
            first = opened + (closed - opened) / 2
            history = [("closed", first), ("reopened", first), *history]
        case(COMPANIES[n % 3], person, opened, *history)

    old = add_months(today, -14)
    case("BD", HENRIK, old, ("closed", old + timedelta(days=9)), ("reopened", today - timedelta(days=25)))
    case("BD", shouted(GRETA), old, ("closed", old))
    due = year.start(Stage.DUE_TODAY, random) or today
    case("BK", ASTRID, due - timedelta(days=2), ("closed", due))

    for n in range(20):
        person = cast()
        put(
            db,
            "contact",
            company=COMPANIES[n % 3],
            channel=("phone", "email", "chat")[n % 3],
            name=person.name,
            email=person.email if n % 2 else None,
            phone=person.phone,
            body=random.choice(QUESTIONS),
            contacted_at=swedish_text(local(today - timedelta(days=random.randint(0, 900)), random)),
        )
    for n, stage in zip(range(24), cycle(STARTED), strict=False):
        person = cast()
        put(
            db,
            "social_message",
            company=(*COMPANIES, "BG")[n % 4],
            network=("Kvittra", "Ansiktsboken")[n % 2],
            handle="@" + person.email.partition("@")[0],
            body=random.choice(QUESTIONS),
            received_at=swedish_text(local(year.start(stage, random) or today, random)),
        )
