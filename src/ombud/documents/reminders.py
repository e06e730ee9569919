"""The mail that reminds the desk of requests that are due soon: numbers, kinds and days, and nothing of any person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ombud.documents.mail import Mail, text_of
from ombud.documents.sender import sender
from ombud.documents.stated import Stated
from ombud.documents.words import day_in_words
from ombud.documents.writer import begun
from ombud.policy.model import Policy

MOST = 100
"""Requests that are told one by one."""


@dataclass(frozen=True, slots=True)
class Due:
    """A request, what it waits for (a state), when it is due, and in how many days: below zero once it is late."""

    request: str
    kind: str
    state: str
    by: date
    left: int


def reminder_mail(found: Sequence[Due], policy: Policy, language: str) -> Mail:
    """The mail, the most pressing first."""
    stated = Stated(policy, language)
    say = stated.say
    lines = []
    for each in found[:MOST]:
        when = "late" if each.left < 0 else "today" if not each.left else "left"
        left = stated.counted(f"reminder.{when}", abs(each.left)) if each.left else say("reminder.today")
        lines += [
            f"{each.request}  {begun(say(f'kind.{each.kind}'))}",
            f"    {say('due')} {day_in_words(each.by, language)}: {left}. {say(f'waits.{each.state}')}",
        ]
    if len(found) > MOST:
        lines.append(stated.counted("reminder.more", len(found) - MOST))
    closing = ("", say("reminder.see"), "", sender(stated).name)
    return Mail(stated.counted("reminder.subject", len(found)), text_of(say("reminder.lead"), "", *lines, *closing))
