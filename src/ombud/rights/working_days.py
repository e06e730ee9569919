"""Which days are working days in Sweden, and where a period counted in months ends (Regulation 1182/71)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

FIRST_YEAR, LAST_YEAR = 1953, 2100
"""The years whose Swedish holidays the library `holidays` knows."""

LANGUAGES = {"sv": "sv", "en": "en_US"}

MIDSUMMER_EVE = {"sv": "midsommarafton", "en": "Midsummer Eve"}
CHRISTMAS_EVE = {"sv": "julafton", "en": "Christmas Eve"}
NEW_YEARS_EVE = {"sv": "nyårsafton", "en": "New Year's Eve"}
SATURDAY = {"sv": "lördag", "en": "a Saturday"}
SUNDAY = {"sv": "söndag", "en": "a Sunday"}


class OutOfCalendar(ValueError):
    """A day of a year whose holidays nobody here knows: a deadline may not be guessed."""


@cache
def holidays_of(year: int) -> Mapping[date, Mapping[str, str]]:
    """The public holidays of a year (lag 1989:253), by name in each language. Raises OutOfCalendar."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfCalendar(f"the holidays of {year} are not known; those of {FIRST_YEAR} to {LAST_YEAR} are")
    from holidays import country_holidays  # a third of a second, which only who counts days should wait

    named = {
        language: country_holidays("SE", years=year, language=code, include_sundays=False)
        for language, code in LANGUAGES.items()
    }
    return {day: {language: _plainly(language, found[day]) for language, found in named.items()} for day in named["sv"]}


def _plainly(language: str, name: str) -> str:
    """Swedish writes its holidays small in a sentence."""
    return name[0].lower() + name[1:] if language == "sv" else name


def eve(day: date) -> Mapping[str, str] | None:
    """The eves that lag 1930:173 counts as Sundays and lag 1989:253 does not: the library has none of them."""
    if (day.month, day.day) == (12, 24):
        return CHRISTMAS_EVE
    if (day.month, day.day) == (12, 31):
        return NEW_YEARS_EVE
    # Midsummer Day is the Saturday of 20 to 26 June.
    if day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4:
        return MIDSUMMER_EVE
    return None


def why_free(day: date, *, eves: bool) -> Mapping[str, str] | None:
    """Why nobody works on a day, by language; None on a working day. `eves`: whether the three eves count."""
    named = holidays_of(day.year).get(day)
    if named is not None:
        return named
    if day.weekday() >= 5:
        return SATURDAY if day.weekday() == 5 else SUNDAY
    return eve(day) if eves else None


def next_working_day(day: date, *, eves: bool) -> date:
    """The day itself, or the first working day after it (Regulation 1182/71, Art. 3(4))."""
    while why_free(day, eves=eves) is not None:
        day += timedelta(days=1)
    return day


def months_after(day: date, months: int) -> date:
    """The same-numbered day so many months later, or the last of that month (Regulation 1182/71, Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
