"""Cases in which nobody writes or says anything after the first day, so that days alone bring something about.

Their days lie apart by up to some years, so that what is remembered of rows that went on the first has its time too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ombud.terms import Act, Mark
from tests.differential.cases import Case

LATER = (1, 40, 400, 1200)
"""Days after the first."""


def quiet(case: Case) -> Case:
    """The same case without what comes later, objections that take effect between its days among it."""
    first = case.days[0]
    days = (first, *(first + timedelta(days=later) for later in LATER))

    def stays(mark: Mark) -> bool:
        effect = mark.day + timedelta(days=case.policy.undo)
        return mark.day <= first and not (mark.act is Act.OBJECTED and first <= effect < days[-1])

    return replace(case, days=days, marks=tuple(filter(stays, case.marks)), edits=tuple(() for _ in days))


def unended(case: Case) -> Case:
    """The same case without marks by which claims end, so that days alone say which rows can be due."""
    marks = tuple(mark for mark in case.marks if mark.act not in (Act.ENDED, Act.OBJECTED, Act.WITHDRAWN))
    return replace(case, marks=marks)
