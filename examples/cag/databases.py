"""Builds the example group's six databases: `python -m examples.cag.databases DIR`."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from random import Random

from examples.cag import crm, events, newsletter, papers, recruitment, security, situations, support
from examples.cag.days import ZONE
from examples.cag.people import Person, invent
from examples.cag.table import create

SOURCES = ("crm", "support", "events", "recruitment", "newsletter", "security")
"""One database file each: `<source>.db`."""


def build(directory: Path, today: date, seed: int = 1) -> None:
    """Write the six databases, and the files that they name, into `directory`, replacing those that are there.

    The same day and seed give the same rows. In every table some rows are long overdue, due today (their last day was
    yesterday), due tomorrow, alive, or have no clock running. Raises OSError where the directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    crowd = invent(random)

    def cast() -> Person:
        return next(crowd)

    known = situations.CUSTOMERS
    db = {source: create(directory / f"{source}.db", source) for source in SOURCES}
    try:
        customers = (*crm.fill(db["crm"], today, random, cast), *known)
        situations.fill(crm.Crm(db["crm"], today, random, invoices=90_000))
        support.fill(db["support"], today, random, cast, customers)
        events.fill(db["events"], today, random, cast, customers)
        recruitment.fill(db["recruitment"], today, random, cast, customers, papers.emptied(directory))
        newsletter.fill(db["newsletter"], today, random, cast, customers[: -len(known)])
        security.fill(db["security"], today, random, customers)
        for connection in db.values():
            connection.commit()
    finally:
        for connection in db.values():
            connection.close()


def main(arguments: list[str] | None = None) -> int:
    """Build into the directory named on the command line."""
    parser = argparse.ArgumentParser(description="Build the example group's six databases of invented people.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(ZONE).date())
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    build(options.directory, options.today, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
