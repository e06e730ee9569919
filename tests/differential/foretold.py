"""What would become of some persons' rows: as the oracle tells it of a closed set of them, as statements count it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from typing import Any

from ombud.app.closely import sweeping as closely
from ombud.app.sweeping_persons import OfPersons, by_facts, by_oracle
from ombud.engine.sweep import Sweep


def told_apart(sweep: Sweep, most: int) -> str:
    """How the two differ, of a forecast; '' if they do not, or the oracle does not serve it."""
    if sweep.persons is None or not closely.serves(sweep):
        return ""
    decided = closely.foretell(sweep, most)
    if decided is None:
        return ""
    sweep.freeze()
    with sweep.connection.begin():
        counted, told = _plain(by_facts(sweep, (), done=False)), _plain(by_oracle(sweep, *decided, (), done=False))
    return "; ".join(
        f"{what}: {counted[what]} by facts, {told[what]} by the oracle" for what in told if told[what] != counted[what]
    )


def _plain(of: OfPersons) -> Mapping[str, object]:
    return {
        "found": dict(of.found),
        "due": {name: astuple(each) for name, each in of.due.items()},
        "stay": {name: (each.rows, each.doubt, each.held, _added(each.claims)) for name, each in of.stay.items()},
        "over": {name: _added(each) for name, each in of.over.items() if each},
    }


def _added(counted: Iterable[Any]) -> Mapping[object, int]:
    """Of kinds of rows that are counted apart, all together."""
    found: Counter[object] = Counter()
    for each in counted:
        *what, rows = astuple(each)
        found[tuple(what)] += rows
    return dict(found)
