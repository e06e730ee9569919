"""Accounts, and what the systems observe about devices, with or without knowing whose they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random

from examples.cag.days import STAGES, STARTED, Deadline, local
from examples.cag.people import Person
from examples.cag.situations import ASTRID
from examples.cag.table import put

DEVICES = (
    ("Pixla 7", "14.1", "Roboten", "mobile", "1080x2400"),
    ("Tavlan X", "3.2", "Frukten", "tablet", "1640x2360"),
    ("Bärbar 13", "22.04", "Pingvinen", "computer", "1920x1080"),
)
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
"""Addresses reserved for documentation (RFC 5737)."""


def fill(db: sqlite3.Connection, today: date, random: Random, customers: Sequence[Person]) -> None:
    """Fill the log: three months and what should have gone; every other row knows no account."""
    quarter, year = Deadline(today, 3), Deadline(today, 12)

    def account(person: Person, closed: date | None) -> int:
        opened = (closed or today) - timedelta(days=random.randint(100, 1500))
        return put(
            db,
            "account",
            email=person.email,
            opened_at=int(local(opened, random).timestamp()),
            closed_at=int(local(closed, random).timestamp()) if closed else 0,
        )

    def ip() -> str:
        return f"{random.choice(NETWORKS)}.{random.randint(1, 254)}"

    def log(at: datetime, number: int | None) -> None:
        model, version, system, platform, screen = random.choice(DEVICES)
        put(
            db,
            "security_log",
            at=int(at.timestamp()),
            what=random.choice(("login", "login failed", "password changed", "logout")),
            ip=ip(),
            device_model=model,
            device_version=version,
            operating_system=system,
            platform=platform,
            screen=screen,
            account_id=number,
        )

    accounts = [account(p, year.start(stage, random)) for p, stage in zip(customers[:60], cycle(STAGES), strict=False)]
    for n, stage in zip(range(400), cycle(STARTED), strict=False):
        at = local(quarter.start(stage, random) or today, random)
        log(at, random.choice(accounts) if n % 2 else None)
    for n, stage in zip(range(60), cycle(STARTED), strict=False):
        at = local(quarter.start(stage, random) or today, random)
        put(
            db,
            "download_error",
            at_ms=int(at.timestamp() * 1000),
            file=f"/hamta/handbok-{n % 7}.pdf",
            status=(404, 500, 503)[n % 3],
            ip=ip(),
            account_id=random.choice(accounts) if n % 3 == 0 else None,
        )
    log(local(today, random), account(ASTRID, None))
