"""Job applications in every outcome, consent to future openings given and withdrawn, and hand-overs to consultants."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

from examples.cag import papers
from examples.cag.days import STAGES, Deadline, Stage, add_months, local, utc_text
from examples.cag.people import Person
from examples.cag.situations import BO, JOHAN, LENA
from examples.cag.table import put

TITLES = ("Systemutvecklare", "Drifttekniker", "Kursledare", "Projektledare")
STILL_OPEN = "9999-12-31"
"""How this system writes that a process has no end; some rows say NULL instead."""


def fill(
    db: sqlite3.Connection,
    today: date,
    random: Random,
    cast: Callable[[], Person],
    customers: Sequence[Person],
    folder: Path,
) -> None:
    """Fill recruitment: processes of all companies in all stages, applicants with all outcomes.

    What they sent in goes into the folder, where `cv_file` names it.
    """
    consultants = (
        put(db, "consultant", name="Uppdiktad Rekrytering AB", agreement="recruiter_terms 2026-02-02"),
        put(db, "consultant", name="Avtalslösa Byrån HB", agreement=None),
    )

    def process(company: str, closed: date | str | None) -> tuple[int, date]:
        end = closed if isinstance(closed, date) else today
        opened = end - timedelta(days=random.randint(45, 120))
        number = put(
            db,
            "process",
            company=company,
            title=random.choice(TITLES),
            opened_on=opened.isoformat(),
            closed_on=closed.isoformat() if isinstance(closed, date) else closed,
        )
        return number, opened

    def application(
        opening: tuple[int, date],
        person: Person,
        outcome: str | None,
        *,
        consented: date | None = None,
        withdrawn: date | None = None,
    ) -> int:
        number, opened = opening
        experience = random.choice(("Fem år med databaser.", "Två år i kundtjänst.", "Nyexaminerad."))
        education = random.choice(("Systemvetenskap", "Gymnasieingenjör", "Självlärd"))
        cv_file = f"cv/{number:03d}-{random.randrange(10**6):06d}.pdf"
        papers.write(folder, cv_file, person.name, person.email, experience, education)
        return put(
            db,
            "application",
            process_id=number,
            **person.contact(),
            experience=experience,
            education=education,
            cv_file=cv_file,
            letter=random.choice((None, "Jag vill gärna arbeta hos er.")),
            outcome=outcome,
            future_consent_at=utc_text(local(consented, random)) if consented else None,
            future_withdrawn_at=utc_text(local(withdrawn, random)) if withdrawn else None,
            applied_at=utc_text(local(opened + timedelta(days=random.randint(1, 30)), random)),
        )

    year = Deadline(today, 12)
    for n, stage in zip(range(14), cycle(STAGES), strict=False):
        closed: date | str | None = year.start(stage, random)
        if closed is None and n % 2:
            closed = STILL_OPEN
        opening = process(("BK", "BU", "BD", "BG")[n % 4], closed)
        end = closed if isinstance(closed, date) else None
        for m in range(5):
            person = random.choice(customers) if m == 4 else cast()
            outcome = (("rejected", "rejected", "rejected", "offered", "hired")[m]) if end else None
            consented = end if end and m in (0, 1) else None
            withdrawn = min(end + timedelta(days=60), today) if end and m == 1 else None
            number = application(opening, person, outcome, consented=consented, withdrawn=withdrawn)
            if m in (0, 3):
                handed = utc_text(local(opening[1] + timedelta(days=31), random))
                consultant = consultants[n % 7 == 0 and m == 0]
                put(
                    db,
                    "handover",
                    application_id=number,
                    consultant_id=consultant,
                    candidate=person.name,
                    handed_at=handed,
                )

    five_months_ago = add_months(today, -5)
    application(
        process("BK", five_months_ago),
        JOHAN,
        "rejected",
        consented=five_months_ago,
        withdrawn=today - timedelta(days=7),
    )
    application(process("BD", five_months_ago), LENA, "rejected", consented=five_months_ago)
    application(process("BK", year.start(Stage.DUE_TODAY, random)), BO, "rejected")
