"""Judges one mutant, in a process of its own: the code that is imported is the mutant's.

Exit code 1 if something noticed, with what it was; 0 if nothing did. Cheap witnesses come first.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from ombud.claims.sweep import sweep
from ombud.engine.program import Program
from tests.differential.edits import applied
from tests.differential.harness import Bench
from tests.differential.siblings import family
from tests.differential.worlds import Case, digest

FAMILIES, WORLDS = range(9000, 9024), 6
ORACLE_FAMILIES, ORACLE_WORLDS = range(9000, 9120), 12

SUITES = {
    "claims": ["tests/claims/test_vectors.py", "tests/claims/test_stories.py", "tests/golden/test_stories.py"],
    "plan": ["tests/golden/test_stories.py", "tests/engine"],
    "sql": ["tests/golden/test_stories.py", "tests/engine"],
}


def told(case: Case) -> list[Any]:
    """What the oracle leaves after each sweep, and the verdicts that led there."""
    world, found = case.world, []
    for n, day in enumerate(case.days):
        world, verdicts = sweep(case.policy, case.datamap, world, case.marks, day, digest)
        found.append((world.tables, dict(verdicts)))
        if n < len(case.edits):
            world, _ = applied(world, case.edits[n])
    return found


def tell(path: Path) -> None:
    """Write down what the oracle says before anything is changed."""
    with path.open("wb") as file:
        for number in ORACLE_FAMILIES:
            for case in family(number, ORACLE_WORLDS):
                pickle.dump(told(case), file)


def _oracle(expected: Path) -> str:
    with expected.open("rb") as file:
        for number in ORACLE_FAMILIES:
            for n, case in enumerate(family(number, ORACLE_WORLDS)):
                if told(case) != pickle.load(file):
                    return f"the oracle, family {number}, world {n}"
    return ""


def _engine() -> str:
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    for number in FAMILIES:
        program = Program()
        for n, case in enumerate(family(number, WORLDS)):
            # Small batches on every other world: what is remembered between them matters.
            if bench.run(case, (1000, 1)[n % 2], program, twice=n == 0) is not None:
                return f"the engine, family {number}, world {n}"
    return ""


def main() -> int:
    folder, expected = sys.argv[1], Path(sys.argv[2])
    try:
        found = _oracle(expected) if folder == "claims" else _engine()
    except Exception as error:  # whatever the mutant broke
        found = f"{type(error).__name__}"
    if not found:
        arguments = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", "not postgresql"]
        found = "tests" if pytest.main([*arguments, *SUITES[folder]]) else ""
    print(f"\n{found or 'nothing noticed'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
