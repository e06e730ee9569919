"""Judges one mutant, in a process of its own: the code that is imported is the mutant's.

Exit code 1 if something noticed, with what it was; 0 if nothing did. Cheap witnesses come first.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ombud.claims.sweep import sweep
from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.edits import applied
from tests.differential.harness import Bench
from tests.differential.siblings import family
from tests.differential.worlds import Case, digest

FAMILIES, WORLDS = range(9000, 9030), 6
MOST = 8
"""How many families that run the changed line are tried on the engine."""
ORACLE_FAMILIES, ORACLE_WORLDS = range(9000, 9120), 12

SUITES = {
    "claims": ["tests/claims/test_vectors.py", "tests/claims/test_stories.py", "tests/golden/test_stories.py"],
    "plan": ["tests/plan", "tests/golden/test_stories.py", "tests/engine"],
    "sql": ["tests/golden/test_stories.py", "tests/engine", "tests/cli/test_plan_reasons.py"],
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


def tell(folder: Path) -> None:
    """Write down what the oracle says, and which lines each family runs, before anything is changed."""
    with (folder / "oracle").open("wb") as file:
        for number in ORACLE_FAMILIES:
            for case in family(number, ORACLE_WORLDS):
                pickle.dump(told(case), file)
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    lines: dict[tuple[str, int], list[int]] = {}
    for number in FAMILIES:
        with _traced() as ran:
            _diverges(bench, number, 2)
        for place in ran:
            lines.setdefault(place, []).append(number)
    (folder / "lines").write_bytes(pickle.dumps(lines))


@contextmanager
def _traced() -> Iterator[set[tuple[str, int]]]:
    """The lines of the compiler that run meanwhile: its folder's name and the file's, and the line."""
    ran: set[tuple[str, int]] = set()

    def line(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            ran.add(("/".join(Path(frame.f_code.co_filename).parts[-2:]), frame.f_lineno))
        return line

    def call(frame: FrameType, _: str, __: object) -> Any:
        name = frame.f_code.co_filename
        return line if "/ombud/sql/" in name or "/ombud/plan/" in name else None

    sys.settrace(call)
    try:
        yield ran
    finally:
        sys.settrace(None)


def _oracle(folder: Path) -> str:
    with (folder / "oracle").open("rb") as file:
        for number in ORACLE_FAMILIES:
            for n, case in enumerate(family(number, ORACLE_WORLDS)):
                if told(case) != pickle.load(file):
                    return f"the oracle, family {number}, world {n}"
    return ""


def _engine(folder: Path, place: tuple[str, int]) -> str:
    lines = pickle.loads((folder / "lines").read_bytes())
    running = lines.get(place) or list(FAMILIES)  # What a module does when it is imported, all of them run.
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    return next((f"the engine, family {n}" for n in running[:MOST] if _diverges(bench, n, WORLDS)), "")


def _diverges(bench: Bench, number: int, worlds: int) -> bool:
    program = Program()
    for n, case in enumerate(family(number, worlds)):
        # Small batches on every other world: what is remembered between them matters.
        try:
            if bench.run(case, (1000, 1)[n % 2], program, twice=n == 0) is not None:
                return True
        except Circle:
            return False
    return False


def main() -> int:
    folder, known, place = sys.argv[1], Path(sys.argv[2]), (sys.argv[3], int(sys.argv[4]))
    try:
        found = _oracle(known) if folder == "claims" else _engine(known, place)
    except Exception as error:  # whatever the mutant broke
        found = f"{type(error).__name__}"
    if not found:
        arguments = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", "not postgresql"]
        found = "tests" if pytest.main([*arguments, *SUITES[folder]]) else ""
    print(f"\n{found or 'nothing noticed'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
