"""`make mutants`: seeded mutants of `claims`, `plan` and `sql`; prints how many the tests kill, and who survives."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.mutants.change import Mutant, mutants

ROOT = Path(__file__).parents[2]
FOLDERS = ("claims", "plan", "sql")
KILLERS = {
    "claims": ["tests/claims", "tests/golden/test_stories.py"],
    "plan": ["tests/differential", "tests/golden/test_stories.py"],
    "sql": ["tests/differential", "tests/golden/test_stories.py"],
}
"""The tests that should notice, most likely first."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=240, help="after which a mutant counts as a timeout")
    asked = parser.parse_args()
    every = [
        (folder, path, mutant)
        for folder in FOLDERS
        for path in sorted((ROOT / "src/ombud" / folder).glob("*.py"))
        for mutant in mutants(path.read_text(encoding="utf-8"))
    ]
    chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))
    ends: Counter[str] = Counter()
    for folder, path, mutant in chosen:
        end = _end(folder, path.relative_to(ROOT), mutant, asked.seconds)
        ends[end] += 1
        if end != "killed":
            print(f"{end}: {path.relative_to(ROOT)}:{mutant.line} {mutant.change}", flush=True)
    judged = ends["killed"] + ends["survived"]
    share = 100 * ends["killed"] / judged if judged else 0
    print(f"{len(every)} possible, {len(chosen)} tried: {dict(ends)}; {share:.0f} % of those that ended were killed")
    return 0


def _end(folder: str, path: Path, mutant: Mutant, seconds: int) -> str:
    """Run the tests on a copy of the tree with this one change."""
    with tempfile.TemporaryDirectory() as where:
        copy = Path(where)
        for part in ("src", "tests", "examples", "spec"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        (copy / path).write_text(mutant.source, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql"]
        around = {**os.environ, "PYTHONPATH": str(copy / "src"), "OMBUD_FAMILIES": "2", "OMBUD_CASES": "60"}
        try:
            run = subprocess.run(
                [*command, *KILLERS[folder]], cwd=copy, env=around, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return "timeout"
    return "survived" if run.returncode == 0 else "killed"


if __name__ == "__main__":
    sys.exit(main())
