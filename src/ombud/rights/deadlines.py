"""By when a request must be answered, and why then (Art. 12(3) GDPR; spec/requests.md §3).

One month from receipt, three where that was told with reasons inside the first. The clock stands still only while a
question of identity, put promptly and recorded, is unanswered. Both readings of the Swedish eves are shown, and the
earlier is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ombud.rights.model import Ending, Pause, Request
from ombud.rights.working_days import months_after, next_working_day, why_free

FIRST, EXTENDED = 1, 3
"""Months from receipt: at first, and where it was extended by two further months."""

PROMPT = 7
"""Days within which a question of identity is put promptly: of receipt, or of an answer that settled nothing."""

Words = Mapping[str, str]
"""A sentence by language: sv, en."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a request is due. `reasons` say in words how that was counted, in order.

    `due`: under Regulation 1182/71 with the holidays of lag 1989:253. `due_if_eves`: where Midsummer, Christmas and New
    Year's Eve count as holidays too (lag 1930:173). `stood_still` is in days; `days_left` is to `act_by`, less than
    nothing once that is past.
    """

    due: date
    due_if_eves: date
    months: int
    stood_still: int
    standing_still: bool
    days_left: int
    reasons: tuple[Words, ...]

    @property
    def act_by(self) -> date:
        """The earlier of both: it is in time whichever law is read."""
        return min(self.due, self.due_if_eves)

    @property
    def overdue(self) -> bool:
        return self.days_left < 0


def deadline(
    received: date, pauses: Iterable[Pause], extended: date | None, today: date, prompt: int = PROMPT
) -> Deadline:
    """When a request is due, as it is known on a day: what happened later does not count yet.

    `extended` is the day on which the person was told of the extension, with reasons. Raises OutOfCalendar.
    """
    known = sorted((p for p in pauses if p.since <= today), key=lambda pause: pause.since)
    counted = _prompt(received, known, prompt)
    still = _days_still(counted, today)
    in_time = extended is not None and extended <= today and _in_time(received, known, extended, prompt)
    months = EXTENDED if in_time else FIRST
    ends = months_after(received, months) + timedelta(days=still)
    due, if_eves = next_working_day(ends, eves=False), next_working_day(ends, eves=True)
    reasons = [
        *_about_start(received, months),
        *([] if extended is None or extended > today else [_about_extension(extended, in_time)]),
        *(_about_pause(pause, counts=pause in counted) for pause in known),
        *_about_shift(ends, still),
        *_about_end(ends, due, if_eves),
    ]
    standing = any(pause.until is None or pause.until > today for pause in counted)
    return Deadline(due, if_eves, months, still, standing, (min(due, if_eves) - today).days, tuple(reasons))


def deadline_of(request: Request, today: date, prompt: int = PROMPT) -> Deadline:
    """The deadline of a request: of an answered one as it was on the day of the answer.

    A refusal has no second and third month: it is told inside the first (Art. 12(4)).
    """
    extended = None if request.ending is Ending.REFUSED else request.extended_on
    return deadline(request.received, request.pauses, extended, request.answered or today, prompt)


def first_month_ends(request: Request, today: date, prompt: int = PROMPT) -> date:
    """The last day on which an extension, or a refusal, can be told (Art. 12(3) and (4))."""
    return deadline(request.received, request.pauses, None, today, prompt).act_by


def asked(request: Request) -> bool:
    """Whether a question of identity stands unanswered; asking again does not stop a clock that stands."""
    return bool(request.pauses) and request.pauses[-1].until is None


def stops(request: Request, day: date, prompt: int = PROMPT) -> bool:
    """Whether the clock stands still once a question of identity that is needed is put on this day.

    Art. 12(6); EDPB guidelines 01/2022 on access, section 5.3: until what is needed was obtained, if it was asked for
    without undue delay.
    """
    pauses = request.pauses if asked(request) else (*request.pauses, Pause(day))
    return any(pause.until is None for pause in _prompt(request.received, pauses, prompt))


def prompt_from(request: Request, prompt: int = PROMPT) -> date:
    """The day from which it is counted whether a question is put promptly: of receipt, or of the latest answer to one
    that was.
    """
    answers = (pause.until for pause in _prompt(request.received, request.pauses, prompt) if pause.until is not None)
    return max((request.received, *answers))


# --- the clock --------------------------------------------------------------------------------------------------


def _prompt(received: date, pauses: Sequence[Pause], prompt: int) -> tuple[Pause, ...]:
    """The pauses that count: each question put promptly, after receipt or after an answer that settled nothing."""
    counted: list[Pause] = []
    since = received
    for pause in pauses:
        if received <= pause.since <= since + timedelta(days=prompt):
            counted.append(pause)
            since = max(since, pause.until or pause.since)
    return tuple(counted)


def _days_still(pauses: Iterable[Pause], today: date) -> int:
    """Days on which a question stood unanswered: from the day after it was put through the day of the answer."""
    still = 0
    until = date.min
    for pause in pauses:
        ends = min(pause.until or today, today)
        still += max(0, (ends - max(pause.since, until)).days)
        until = max(until, ends)
    return still


def _in_time(received: date, pauses: Iterable[Pause], extended: date, prompt: int) -> bool:
    return received <= extended <= deadline(received, pauses, None, extended, prompt).act_by


# --- in words ---------------------------------------------------------------------------------------------------


def _about_start(received: date, months: int) -> Iterator[Words]:
    ends = months_after(received, months)
    yield {
        "sv": f"Begäran kom in {received}; den dagen räknas inte (förordning 1182/71, artikel 3.1).",
        "en": f"The request came in on {received}; that day is not counted (Regulation 1182/71, Article 3(1)).",
    }
    sv, en = ("En månad", "One month") if months == FIRST else ("Tre månader", "Three months")
    yield {"sv": f"{sv} därefter är {ends} (artikel 12.3 GDPR).", "en": f"{en} later is {ends} (Article 12(3) GDPR)."}
    if ends.day != received.day:
        yield {
            "sv": f"Den månaden har ingen {received.day}:e; då gäller den sista (förordning 1182/71, artikel 3.2 c).",
            "en": f"That month has no day {received.day}, so its last counts (Regulation 1182/71, Article 3(2)(c)).",
        }


def _about_extension(extended: date, in_time: bool) -> Words:
    if in_time:
        return {
            "sv": f"Två månader till, vilket meddelades med skäl {extended}, inom den första månaden.",
            "en": f"Two further months, told with reasons on {extended}, inside the first month.",
        }
    return {
        "sv": f"Förlängningen meddelades {extended}, efter den första månaden, och räknas inte.",
        "en": f"The extension was told on {extended}, after the first month, and does not count.",
    }


def _about_pause(pause: Pause, *, counts: bool) -> Words:
    if not counts:
        return {
            "sv": f"Frågan om identitet {pause.since} ställdes inte genast; klockan stod inte still.",
            "en": f"The question of identity of {pause.since} was not put promptly; the clock did not stand still.",
        }
    if pause.until is None:
        return {
            "sv": f"Klockan står still sedan {pause.since}, då frågan om identitet ställdes.",
            "en": f"The clock stands still since {pause.since}, when the question of identity was put.",
        }
    return {
        "sv": f"Klockan stod still från {pause.since} till {pause.until}, medan frågan om identitet var obesvarad.",
        "en": f"The clock stood still from {pause.since} to {pause.until}, while the question of identity was open.",
    }


def _about_shift(ends: date, still: int) -> Iterator[Words]:
    if still:
        sv, en = ("en dag", "one day") if still == 1 else (f"{still} dagar", f"{still} days")
        yield {"sv": f"Med {sv} till blir det {ends}.", "en": f"With {en} more it is {ends}."}


def _about_end(ends: date, due: date, if_eves: date) -> Iterator[Words]:
    free = why_free(ends, eves=False)
    if free is not None:
        yield {
            "sv": f"{ends} är {free['sv']}; nästa arbetsdag är {due} (förordning 1182/71, artikel 3.4).",
            "en": f"{ends} is {free['en']}; the next working day is {due} (Regulation 1182/71, Article 3(4)).",
        }
    named = why_free(due, eves=True)
    if named is not None:
        yield {
            "sv": f"{due} är {named['sv']}: räknas aftnarna som helgdagar (lag 1930:173) är det {if_eves}; "
            f"vi håller det tidigare.",
            "en": f"{due} is {named['en']}: if eves count as holidays (lag 1930:173) it is {if_eves}; "
            f"we keep the earlier.",
        }
