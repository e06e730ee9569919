"""The calendar inside a source: every believed day as each encoding writes it, so that no date is computed in SQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ombud.sql.names import Names
from ombud.terms import FIRST_DAY, LAST_DAY


def fill(connection: sa.Connection, names: Names, zone: str) -> None:
    """Write it anew, for the policy's zone."""
    connection.execute(names.calendar.delete())
    compiled = names.calendar.insert().compile(dialect=connection.dialect)
    columns = names.calendar.c.keys()
    rows: list[Any] = [row[: len(columns)] for row in _days(zone)]
    if names.dialect.name == "postgresql":  # a fifth of the time that as many INSERTs take
        table = connection.dialect.identifier_preparer.format_table(names.calendar)
        with connection.connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    if not compiled.positional:
        rows = [dict(zip(columns, row, strict=True)) for row in rows]
    connection.exec_driver_sql(str(compiled), rows)


@lru_cache(maxsize=2)
def _days(zone: str) -> list[tuple[str, str, str, int, int, str, str]]:
    """Every believed day: ISO, compact, the instant it starts at in this zone as UTC text and as seconds; its number,
    the day that it is here when it starts in UTC, and the day that it is in UTC when it starts here.
    """
    # One day more on either side: text in UTC may stand a day away from the day it means.
    place, found, one = ZoneInfo(zone), [], timedelta(days=1)
    midnight = datetime.combine(FIRST_DAY - one, time())
    while midnight.date() <= LAST_DAY + one:
        start = midnight - (place.utcoffset(midnight) or timedelta())
        here = midnight.replace(tzinfo=UTC).astimezone(place).date()
        iso, utc = midnight.date().isoformat(), str(start)
        seconds, number = (start - _EPOCH) // timedelta(seconds=1), (midnight - _EPOCH).days
        found.append((iso, iso.replace("-", ""), utc, seconds, number, here.isoformat(), utc[:10]))
        midnight += one
    return found


_EPOCH = datetime.combine(date(1970, 1, 1), time())
