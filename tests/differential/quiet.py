"""Cases in which nobody writes or says anything after the first day, so that days alone bring something about."""

from __future__ import annotations

from dataclasses import replace

from ombud.terms import Act
from tests.differential.cases import Case


def quiet(case: Case) -> Case:
    """The same case without what comes later; an objection that postpones would end by itself."""
    marks = tuple(m for m in case.marks if m.day <= case.days[0] and m.act is not Act.OBJECTED)
    return replace(case, marks=marks, edits=tuple(() for _ in case.edits))
