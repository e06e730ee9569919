"""Whether a source still holds a plan, and if not, what became of that plan."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.app.gone import Carried, carried_out
from ombud.app.loaded import Loaded, Refused
from ombud.app.sources import Opened, opened
from ombud.engine.noted import Noted, marks_known, noted
from ombud.engine.plans import Plan
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.terms import Finding


def still_held(source: Opened, loaded: Loaded, plan: Plan) -> Noted:
    """What is noted of the plan, inside an open transaction. Raises Refused where the source holds another, or none."""
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    message = f"{source.name} holds no plan: it is another database, or was restored from a copy"
    if marks_known(source.connection, names) is not None:
        held = noted(source.connection, names)
        if held.plan == plan.id:
            return held
        message = f"{source.name} does not hold this plan: {_instead(held, carried_out(source, names, plan.id))}"
    raise Refused(Finding("C045", loaded.project.sources[source.name].place, message, "plan again: ombud plan"))


def superseded(loaded: Loaded, plan: Plan) -> Iterator[Finding]:
    """The sources that do not hold the plan any more; one that cannot be asked says nothing here."""
    for name, planned in plan.sources.items():
        if planned.refused:
            continue
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                still_held(source, loaded, plan)
        except Refused as refusal:
            yield from (finding for finding in refusal.findings if finding.code == "C045")


def _instead(held: Noted, before: Carried) -> str:
    if before.ended:
        return f"it was carried out on {before.ended}; a newer plan exists, {held.plan}"
    if before.began:
        return f"it was begun on {before.began} and not finished; a newer plan exists, {held.plan}"
    return "it has a newer one, or was restored from a copy"
