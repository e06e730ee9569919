"""A sweep of a few persons in one transaction: rows locked, decided by the oracle, remembered and changed.

Quicker than an evaluation by the database, which works out the facts of every table for however few rows. It is tried
first; what it does not serve, it leaves untouched (ADR 10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ombud.app.closely.deciding import MOST, Deciding, Outcomes
from ombud.app.closely.remembering import Remembering
from ombud.claims.read import Row
from ombud.engine.batch import Batches
from ombud.engine.counts import TableCount
from ombud.engine.decided import Carrying, Decided, Fate
from ombud.engine.gathering import Unclear
from ombud.engine.program import THIS_PLAN
from ombud.engine.refusal import StepRefused
from ombud.engine.sweep import Sweep
from ombud.sql.freeze import Freezer
from ombud.terms import Outcome

Told = Callable[[Outcomes, Decided], None]
"""Called when all is decided; whatever it raises undoes all."""


def serves(sweep: Sweep) -> bool:
    """Rows alone tell what becomes of them, and one transaction holds all of it."""
    if sweep.theirs is None or sweep.theirs.forms is None or not sweep.names.atomic or not sweep.names.dialect.lets_go:
        return False
    return sweep.evaluation.narrow and Deciding(sweep, sweep.theirs).closing.chart.serves


def foretell(sweep: Sweep, most: int = MOST) -> tuple[Outcomes, Decided] | None:
    """What would become of the persons' rows; None where that is not served. Nothing is changed."""
    if not serves(sweep):
        return None
    assert sweep.theirs is not None
    try:
        with sweep.connection.begin():
            outcomes = Deciding(sweep, sweep.theirs, most).decide(lock=False)
            return outcomes, decided(outcomes)
    except Unclear:
        return None


def at_once(sweep: Sweep, before: Told | None = None, most: int = MOST) -> Mapping[str, TableCount] | None:
    """What was done, by table. None, and nothing was done, where it is not served or the database refuses something."""
    if not serves(sweep) or sweep.forecast:
        return None
    assert sweep.theirs is not None
    once = Freezer(sweep.judge, THIS_PLAN, forecast=True)
    batches = Batches(sweep.statements, sweep.evaluation, once, once, sweep.theirs)
    space = sweep.evaluation.space
    try:
        with batches.whole():
            outcomes = Deciding(sweep, sweep.theirs, most).decide(lock=True)
            found = decided(outcomes)
            if found.rows > sweep.batch_size:
                raise Unclear("more rows than one transaction is to hold")
            if before is not None:
                before(outcomes, found)
            sweep.evaluation.memory = set()  # of the rows that go, nothing is remembered
            return Carrying(batches, once, sweep.plan).carry_out(found)
    except (Unclear, StepRefused):
        space.undone()
        return None
    except BaseException:
        space.undone()
        raise


def decided(outcomes: Outcomes) -> Decided:
    """As it is carried out. Raises Unclear."""
    fates: dict[str, list[Fate]] = {}
    for row in outcomes.look.every_row():
        if (fate := _fate(outcomes, row)) is not None:
            fates.setdefault(row.table.name, []).append(fate)
    remembering = Remembering(outcomes)
    return Decided(fates, remembering.memos, remembering.refs, remembering.said)


def _fate(outcomes: Outcomes, row: Row) -> Fate | None:
    verdict = outcomes.verdicts[row.id]
    match verdict.outcome:
        case Outcome.DELETE:
            return Fate(row.key, gone=True)
        case Outcome.SHELL:
            return Fate(row.key, shell=True, blank=verdict.blank)
        case Outcome.BLANK:
            return Fate(row.key, blank=verdict.blank)
        case Outcome.KEEP:
            return None
