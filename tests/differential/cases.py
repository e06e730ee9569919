"""What a generated case is, and the secret that all of them share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from ombud.claims.read import Reading
from ombud.claims.world import World
from ombud.datamap import identity
from ombud.datamap.model import DataMap
from ombud.policy.model import Policy
from ombud.terms import Mark
from tests.differential.edits import Edit

SECRET = b"a secret of the tests"


@lru_cache(maxsize=100_000)
def digest(kind: str, value: object) -> str:
    """The keyed hash that cases' marks are written with."""
    return identity.digest(SECRET, kind, value)


@dataclass(frozen=True)
class Case:
    """`edits[n]` happen between the sweeps of `days[n]` and `days[n + 1]`. On the days in `down`, sources copy no
    moments from one another: what they have is stale."""

    policy: Policy
    datamap: DataMap
    world: World
    marks: tuple[Mark, ...]
    days: tuple[date, ...]
    edits: tuple[tuple[Edit, ...], ...] = ()
    constructs: Counter[str] = field(default_factory=Counter)
    down: frozenset[date] = frozenset()

    def look(self, world: World, day: date) -> Reading:
        """The oracle's look at a world of this case."""
        return Reading(self.policy, self.datamap, world, self.marks, day, digest)
