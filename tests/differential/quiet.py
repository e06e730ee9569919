"""Cases in which nobody writes or says anything after the first day, so that days alone bring something about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ombud.terms import Act, Mark
from tests.differential.cases import Case


def quiet(case: Case) -> Case:
    """The same case without what comes later, objections that take effect between its days among it."""
    first, last = case.days[0], case.days[-1]

    def stays(mark: Mark) -> bool:
        effect = mark.day + timedelta(days=case.policy.undo)
        return mark.day <= first and not (mark.act is Act.OBJECTED and first <= effect < last)

    return replace(case, marks=tuple(filter(stays, case.marks)), edits=tuple(() for _ in case.edits))
