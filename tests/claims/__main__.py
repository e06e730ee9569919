"""`make laws`: the laws of the whole, on the oracle, over as many generated worlds as asked.

Prints every world that breaks a law, with the number that draws it again. Exit code 1 if there is one.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import sys
import time

from tests.claims.laws import LAWS, Told
from tests.differential.worlds import case


def main() -> int:
    parser = argparse.ArgumentParser(prog="make laws", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first case's number")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    asked = parser.parse_args()
    started, broken = time.monotonic(), 0
    with multiprocessing.Pool(asked.jobs, gc.set_threshold, (200_000, 20, 100)) as pool:
        numbers = range(asked.first, asked.first + asked.cases)
        for done, said in enumerate(pool.imap_unordered(broken_by, numbers, chunksize=20), start=1):
            broken += bool(said)
            for each in said:
                print(each, flush=True)
            if done % 1000 == 0:
                print(f"{done} worlds, {broken} break a law, {done / (time.monotonic() - started):.1f}/s", flush=True)
    print(f"{asked.cases} worlds, {len(LAWS)} laws, {broken} break one, {time.monotonic() - started:.0f} s")
    return 1 if broken else 0


def broken_by(number: int) -> list[str]:
    """The laws that a case breaks, and how."""
    told, said = Told(number, case(number)), []
    for law in LAWS:
        try:
            law(told)
        except AssertionError as error:
            said.append(f"case {number}: {law.__name__}: {error}")
    return said


if __name__ == "__main__":
    sys.exit(main())
