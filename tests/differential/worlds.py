"""Generated cases one by one: a policy, a data map, a world, marks, the days to sweep on and what happens between.

A case is drawn from one `random.Random`, so that its number is enough to draw it again.
"""

from __future__ import annotations

from random import Random

from tests.differential.cases import SECRET, Case, digest
from tests.differential.happenings import refs_in
from tests.differential.siblings import drawn

__all__ = ["SECRET", "Case", "case", "digest", "generate", "refs_in"]


def case(number: int, engine: str = "sqlite") -> Case:
    """The case of this number."""
    return generate(Random(number), engine)


def generate(random: Random, engine: str = "sqlite") -> Case:
    """A small case; `engine` "postgresql" writes days and instants in native types."""
    return next(drawn(random, 1, engine))
