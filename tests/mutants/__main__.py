"""`make mutants`: seeded mutants of `claims`, `plan` and `sql`; prints how many are noticed, and who survives.

Each is tried by generated worlds first, then by the tests that run its line.
"""

from __future__ import annotations

import argparse
import os
import pickle
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.mutants.change import Mutant, mutants
from tests.mutants.trial import changed, tried
from tests.mutants.witnesses import FAMILIES, FILES, ORACLE_FAMILIES, ROOT, Lines

FOLDERS = ("claims", "plan", "sql")
MOST = 100
"""Tests that are tried of a mutant, the quick ones first: more would notice more."""
SLOWEST = 1800
"""Seconds for a file of tests that is traced."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="leave out so many of the chosen")
    parser.add_argument("--seconds", type=int, default=300, help="after which a mutant counts as a timeout")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--known", type=Path, help="a folder that keeps what the witnesses said, for the next run")
    asked = parser.parse_args()
    every = [
        (path, mutant)
        for folder in FOLDERS
        for path in sorted((ROOT / "src/ombud" / folder).glob("[!_]*.py"))
        for mutant in mutants(path.read_text(encoding="utf-8"))
    ]
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as where:
        known = asked.known or Path(where)
        lines = _known(known, asked.jobs)
        unrun = Counter(path.name for path, mutant in every if not _running(lines, path, mutant))
        every = [(path, mutant) for path, mutant in every if _running(lines, path, mutant)]
        chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))[asked.first :]
        said = ", ".join(f"{name} {n}" for name, n in unrun.most_common())
        print(f"{len(every)} possible; {unrun.total()} more on lines that no witness runs: {said}", flush=True)
        trials = [partial(_trial, known, lines, path, mutant) for path, mutant in chosen]
        for n, by in tried(trials, asked.jobs, asked.seconds):
            path, mutant = chosen[n]
            end = "timeout" if by is None else "killed" if by else "survived"
            ends[end] += 1
            said = f"{n} {end}{f' by {by}' if by else ''}: {path.relative_to(ROOT)}:{mutant.line} {mutant.change}"
            print(said, file=sys.stderr if end == "killed" else sys.stdout, flush=True)
    judged = ends["killed"] + ends["survived"]
    share = 100 * ends["killed"] / judged if judged else 0
    print(f"{len(chosen)} tried: {dict(ends)}; {share:.1f} % of those that ended were killed")
    return 0


def _known(folder: Path, jobs: int) -> dict[object, Lines]:
    """What was prepared before in this folder, or is now. It is for the code that there was then."""
    kept = folder / "lines"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(_prepared(folder, jobs)))
    lines: dict[object, Lines] = pickle.loads(kept.read_bytes())
    return lines


def _prepared(known: Path, jobs: int) -> dict[object, Lines]:
    """What witnesses say and which lines they run, while nothing is changed: by family and by file."""
    tasks: list[tuple[object, Callable[[], Any]]] = [
        (None, partial(_tell, "tell_oracle", known, n)) for n in ORACLE_FAMILIES
    ]
    tasks += [(number, partial(_tell, "tell_engine", known, number)) for number in FAMILIES]
    tasks += [(file, partial(_tell, "tell_tests", known, file)) for file in FILES]
    lines: dict[object, Lines] = {}
    seconds: dict[object, float] = {}
    for n, answer in tried([task for _, task in tasks], jobs, SLOWEST):
        what = tasks[n][0]
        if isinstance(answer, frozenset):
            lines[what] = answer
        elif isinstance(answer, dict):
            for test, (took, ran) in answer.items():
                lines[test], seconds[test] = ran, took
        elif what is not None or answer is not None:
            raise RuntimeError(f"{what} cannot be told beforehand: {answer}")
    # Quick tests first: those of a trial are tried in this order.
    return dict(sorted(lines.items(), key=lambda item: seconds.get(item[0], 0.0)))


def _tell(how: str, known: Path, what: object) -> Any:
    from tests.mutants import judge

    return getattr(judge, how)(known, what)


def _trial(known: Path, lines: dict[object, Lines], path: Path, mutant: Mutant) -> str:
    folder, running = path.parent.name, _running(lines, path, mutant)
    changed(f"ombud.{folder}.{path.stem}", path, mutant.source)
    from tests.mutants.judge import noticed

    families = [each for each in running if isinstance(each, int)]
    tests = [each for each in running if isinstance(each, str)]
    tests.sort(key=lambda test: not test.startswith(f"tests/{folder}/"))  # those of the same layer first
    return noticed(known, folder, families, tests[:MOST])


def _running(lines: dict[object, Lines], path: Path, mutant: Mutant) -> list[object]:
    """Who runs the changed line, or anything in the file where the change is in what an import does."""
    place = (f"{path.parent.name}/{path.name}", mutant.line if mutant.called else 0)
    return [each for each, ran in lines.items() if place in ran]


if __name__ == "__main__":
    sys.exit(main())
