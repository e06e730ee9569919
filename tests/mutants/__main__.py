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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.change import Mutant, mutants
from tests.mutants.judge import tell

ROOT = Path(__file__).parents[2]
FOLDERS = ("claims", "plan", "sql")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="leave out so many of the chosen")
    parser.add_argument("--seconds", type=int, default=300, help="after which a mutant counts as a timeout")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    every = [
        (folder, path, mutant)
        for folder in FOLDERS
        for path in sorted((ROOT / "src/ombud" / folder).glob("*.py"))
        for mutant in mutants(path.read_text(encoding="utf-8"))
    ]
    chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))[asked.first :]
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as where, ThreadPoolExecutor(asked.jobs) as pool:
        known = Path(where)
        tell(known)
        tried = [pool.submit(_end, folder, path, mutant, asked.seconds, known) for folder, path, mutant in chosen]
        for n, ((_, path, mutant), trial) in enumerate(zip(chosen, tried, strict=True)):
            end, by = trial.result()
            ends[end] += 1
            if end != "killed":
                print(f"{n} {end}: {path.relative_to(ROOT)}:{mutant.line} {mutant.change}", flush=True)
            else:
                print(f"{n} killed by {by}", file=sys.stderr)
    judged = ends["killed"] + ends["survived"]
    share = 100 * ends["killed"] / judged if judged else 0
    print(f"{len(every)} possible, {len(chosen)} tried: {dict(ends)}; {share:.1f} % of those that ended were killed")
    return 0


def _end(folder: str, path: Path, mutant: Mutant, seconds: int, known: Path) -> tuple[str, str]:
    """How the mutant ends, and what killed it, in a copy of the source with this one change."""
    with tempfile.TemporaryDirectory() as where:
        copy = Path(where) / "src"
        shutil.copytree(ROOT / "src", copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / path.relative_to(ROOT / "src")).write_text(mutant.source, encoding="utf-8")
        around = {**os.environ, "PYTHONPATH": f"{copy}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
        place = ["/".join(path.parts[-2:]), str(mutant.line)]
        command = [sys.executable, "-m", "tests.mutants.judge", folder, str(known), *place]
        try:
            run = subprocess.run(
                command, cwd=ROOT, env=around, capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return "timeout", ""
        if run.returncode == 0:
            return "survived", ""
        return "killed", (run.stdout.strip() or run.stderr.strip()).rsplit("\n", 1)[-1]


if __name__ == "__main__":
    sys.exit(main())
