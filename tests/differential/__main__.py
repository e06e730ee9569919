"""`make differential`: the compiled plan on a real engine against the oracle, on as many generated cases as asked.

Prints how often each construct occurred, how many cases were refused, and every divergence with the numbers that draw
it again. Exit code 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator

from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.harness import Bench
from tests.differential.siblings import family
from tests.differential.worlds import Case


def main() -> int:
    asked = _arguments()
    urls = [url for url in asked.urls.split(",") if url] or ["sqlite://", "sqlite://"]
    bench = Bench(dict(zip(("crm", "web"), urls, strict=True)))
    engine = "postgresql" if urls[0].startswith("postgresql") else "sqlite"
    constructs: Counter[str] = Counter()
    done = refused = 0
    diverged: list[tuple[int, int]] = []
    started = time.monotonic()
    for number in range(asked.first, asked.first + -(-asked.cases // asked.family)):
        if asked.minutes and time.monotonic() - started > asked.minutes * 60:
            break
        program = Program()
        for n, case in enumerate(_cases(number, asked.family, engine)):
            try:
                found = bench.run(case, program=program)
            except Circle:
                refused += 1
                continue
            done += 1
            constructs.update(set(case.constructs))
            if found is not None:
                diverged.append((number, n))
                print(f"\nfamily {number}, case {n}: {found}", flush=True)
        if sys.stderr.isatty():
            print(f"\r{done} cases, {refused} refused, {len(diverged)} diverged", end="", file=sys.stderr)
    _report(constructs, done, refused, diverged, time.monotonic() - started, engine)
    return 1 if diverged else 0


def _cases(number: int, size: int, engine: str) -> Iterator[Case]:
    return family(number, size, engine)


def _report(
    constructs: Counter[str], done: int, refused: int, diverged: list[tuple[int, int]], seconds: float, engine: str
) -> None:
    print(f"\n{engine}: {done} cases in {seconds:.0f} s, {refused} refused, {len(diverged)} diverged {diverged or ''}")
    for name, times in sorted(constructs.items(), key=lambda item: (item[1], item[0])):
        print(f"{times:>8}  {name}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make differential", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="how many, about")
    parser.add_argument("--family", type=int, default=20, help="how many worlds share a policy and a map")
    parser.add_argument("--first", type=int, default=0, help="the first family's number")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so long")
    parser.add_argument(
        "--urls", default=os.environ.get("OMBUD_DIFFERENTIAL", ""), help="two databases; SQLite in memory"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
