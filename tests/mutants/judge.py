"""Judges one mutant, in a process where the code that is imported is the mutant's. Cheap witnesses come first."""

from __future__ import annotations

import contextlib
import io
import pickle
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ombud.claims.learning import learned
from ombud.claims.live import OnRow
from ombud.claims.sweep import swept
from ombud.claims.verdict import held
from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.cases import Case
from tests.differential.crowds import CROWD
from tests.differential.edits import applied
from tests.differential.harness import Bench
from tests.differential.imports import copied
from tests.differential.siblings import family
from tests.mutants.witnesses import ORACLE_FAMILIES, ORACLE_WORLDS, Lines

FIRST, MOST = 4, 24
"""How many families that run the changed line are tried on the engine before the tests, and in all."""

WORLDS = 6
"""Of each of them: another family notices more than another world of the same one."""


def told(case: Case) -> list[Any]:
    """What the oracle says of every row and of all that holds it, and what it leaves and remembers, sweep by sweep."""
    world, found = case.world, []
    for n, day in enumerate(case.days):
        look = learned(case.look(copied(case, world, day), day))
        world, verdicts = swept(look)
        holding = {row: _unordered(on) for row, on in held(look).items()}
        found.append((holding, dict(verdicts), world.tables, dict(world.memo), world.said))
        if n < len(case.edits):
            world, _ = applied(world, case.edits[n])
    return found


def _unordered(on: OnRow) -> Any:
    """All that holds a row. Sets are walked in another order by each process."""
    cells = {name: (Counter(cell.claims), replace(cell, claims=())) for name, cell in on.cells.items()}
    return Counter(on.claims), replace(on, claims=(), cells={}), cells


# --- before anything is changed ----------------------------------------------------------------------------------


def tell_oracle(folder: Path, number: int) -> None:
    """Write down what the oracle says of a family's worlds."""
    cases = list(family(number, ORACLE_WORLDS))
    (folder / f"oracle-{number}").write_bytes(pickle.dumps([(case, told(case)) for case in cases]))


def tell_engine(folder: Path, number: int) -> Lines:
    """Write down a crowd of a family's worlds; which lines of the core it runs, or none if the map is refused."""
    cases = list(islice(family(number, CROWD), WORLDS))
    with _traced() as ran, contextlib.suppress(Circle):
        if _diverges(cases, (LARGE, SINGLE)):
            raise Unfit(f"family {number} diverges with nothing changed")
        (folder / f"engine-{number}").write_bytes(pickle.dumps(cases))
        return frozenset(ran)
    return frozenset()


def tell_tests(_: Path, file: str) -> dict[str, tuple[float, Lines]]:
    """By test of a file: how many seconds it takes, and which lines of the core it runs."""
    witness = _Watching()
    if _fails([file], witness):
        raise Unfit(f"{file} fails with nothing changed")
    return witness.told


class _Watching:
    """A plugin of pytest's that writes down what each test runs."""

    def __init__(self) -> None:
        self.told: dict[str, tuple[float, Lines]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        started = time.monotonic()
        with _traced() as ran:
            done = yield
        self.told[item.nodeid] = time.monotonic() - started, frozenset(ran)
        return done


class Unfit(Exception):
    """Who complains of what is right would notice every mutant."""


@contextmanager
def _traced() -> Iterator[set[tuple[str, int]]]:
    """The lines of the core that run meanwhile: its folder's name and the file's, and the line; 0 is any."""
    ran: set[tuple[str, int]] = set()
    seen: dict[str, str] = {}

    def line(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            file = seen[frame.f_code.co_filename]
            ran.update(((file, 0), (file, frame.f_lineno)))
        return line

    def call(frame: FrameType, _: str, __: object) -> Any:
        name = frame.f_code.co_filename
        if name not in seen:
            core = any(f"/ombud/{each}/" in name for each in ("claims", "plan", "sql"))
            seen[name] = "/".join(Path(name).parts[-2:]) if core else ""
        return line if seen[name] else None

    sys.settrace(call)
    try:
        yield ran
    finally:
        sys.settrace(None)


# --- of a mutant -------------------------------------------------------------------------------------------------


def noticed(folder: Path, of: str, running: list[int], tests: list[str]) -> str:
    """Who notices the mutant, or nobody: of the oracle by what it said before, of the rest by the oracle; by tests."""
    witnesses: list[Callable[[], str]] = []
    if of == "claims":
        witnesses += [lambda number=number: _oracle(folder, number) for number in ORACLE_FAMILIES]  # type: ignore[misc]
    else:
        witnesses += [lambda number=number: _engine(folder, number) for number in running[:FIRST]]  # type: ignore[misc]
    if tests:
        witnesses.append(lambda: "tests" if _fails(tests) else "")
    if of != "claims":
        witnesses += [lambda number=number: _engine(folder, number) for number in running[FIRST:MOST]]  # type: ignore[misc]
    for witness in witnesses:
        try:
            if said := witness():
                return said
        except Exception as error:  # whatever the mutant broke
            return type(error).__name__
    return ""


def _oracle(folder: Path, number: int) -> str:
    for n, (case, before) in enumerate(pickle.loads((folder / f"oracle-{number}").read_bytes())):
        if told(case) != before:
            return f"the oracle, family {number}, world {n}"
    return ""


def _engine(folder: Path, number: int) -> str:
    cases = pickle.loads((folder / f"engine-{number}").read_bytes())
    return f"the engine, family {number}" if _diverges(cases, (SINGLE if number % 2 else LARGE,)) else ""


LARGE, SINGLE = (1000, True), (1, False)
"""Large batches with probes, and batches of one: what is remembered between them matters."""


def _diverges(cases: list[Case], ways: tuple[tuple[int, bool], ...]) -> bool:
    bench, program = Bench({"crm": "sqlite://", "web": "sqlite://"}), Program()
    try:
        return any(bench.run_crowd(cases, size, program, twice=twice) is not None for size, twice in ways)
    finally:
        bench.close()


def _fails(what: list[str], *plugins: object) -> bool:
    arguments = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", "not postgresql"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        ended = pytest.main([*arguments, *what], plugins=[*plugins])
    return ended not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


__all__ = ["noticed", "tell_engine", "tell_oracle", "tell_tests"]
