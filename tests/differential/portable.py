"""What a person may take along, by the oracle: what they provided, under a live claim of their own (Art. 20(1))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random

from ombud.claims.live import Claim
from ombud.claims.read import Reading
from ombud.datamap.model import Cell, DataMap, Kind, Provenance
from ombud.documents.extract import NotCarried
from ombud.engine.saying import Told
from ombud.policy.model import BasisKind, Organisation, Policy, Portability, Requests
from ombud.rights.portable import carried, observed_counts

SAID = (Provenance.PROVIDED, Provenance.PROVIDED, Provenance.OBSERVED, None)
SETTINGS = (None, Portability(False, "narrow"), Portability(True, "it is about them"))

TAKEN, NOT_THEIRS = "taken", "not theirs"

Fates = Mapping[str, str]
"""Of each cell told: `TAKEN`, or why not; `NOT_THEIRS` where no consent or contract of the person holds it."""


# --- drawing ----------------------------------------------------------------------------------------------------


def said_in(policy: Policy, random: Random) -> Policy:
    """The policy with a word, or none, on whether what was observed counts as provided."""
    said = random.choice(SETTINGS)
    return replace(policy, organisation=Organisation(policy.group, requests=Requests((), portability=said)))


def provided_in(datamap: DataMap, random: Random) -> DataMap:
    """The map with each cell provided, observed, or neither said."""

    def drawn(cell: Cell) -> Cell:
        return replace(cell, provenance=random.choice(SAID))

    def of(kind: Kind) -> Kind:
        return replace(kind, cells={name: drawn(cell) for name, cell in kind.cells.items()})

    return DataMap(
        {
            name: replace(
                source,
                tables={
                    each: replace(table, kinds=tuple(map(of, table.kinds))) for each, table in source.tables.items()
                },
            )
            for name, source in datamap.sources.items()
        }
    )


def said_of(policy: Policy) -> str:
    """What the policy says of it, in words."""
    said = _setting(policy)
    return (
        "nothing is said of what was observed"
        if said is None
        else f"observed {'counts' if said.observed else 'does not count'}"
    )


def _setting(policy: Policy) -> Portability | None:
    requests = policy.organisation.requests if policy.organisation else None
    return requests.portability if requests else None


# --- the oracle -------------------------------------------------------------------------------------------------


def fate(look: Reading, cell: Cell, claims: Iterable[Claim]) -> str:
    """What becomes of a cell that is certainly about the person, by the claims on it that certainly are about them."""
    said = _setting(look.policy)
    counts = {Provenance.PROVIDED} | ({Provenance.OBSERVED} if said and said.observed else set())
    if not any(each.live and each.basis.kind in (BasisKind.CONSENT, BasisKind.CONTRACT) for each in claims):
        return NOT_THEIRS
    return TAKEN if cell.provenance in counts else str(cell.provenance or "unsaid")


# --- beside the engine ------------------------------------------------------------------------------------------


def given(look: Reading, told: Told) -> tuple[Fates, str]:
    """What becomes of each cell that the engine tells, by the rule that requests are answered with.

    Beside it, where what is counted is not what was left out.
    """
    fates: dict[str, str] = {}
    observed = observed_counts(look.policy)
    kept, left = carried(told.data, look.today, observed=observed)
    for datum in told.data:
        alone, why = carried((datum,), look.today, observed=observed)
        if datum.category:
            fates[datum.name] = TAKEN if alone else _plainly(*why)
    taken = {datum.name for datum in kept}
    counted = Counter(_plainly(why) for why in left.elements())
    wrong = taken != {name for name, each in fates.items() if each == TAKEN}
    wrong |= counted != Counter(each for each in fates.values() if each != TAKEN)
    return fates, f"taken {taken}, left {left}" if wrong else ""


def _plainly(why: NotCarried) -> str:
    return NOT_THEIRS if why in (NotCarried.OTHER_BASIS, NotCarried.OTHERS) else why.value
