"""`make bench`: a sweep of a customer register by ombud, and the same deletion by hand, one after the other.

Ratios in one run; a number of seconds alone says little on a machine that does other work. Each run adds a line to a
file of JSON lines. The floor knows its keys before its time begins, judges nothing and remembers nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.crm import filed
from bench.crm.answers import answered, said, told
from bench.crm.contention import contended
from bench.crm.copies import Copies
from bench.crm.daily import daily
from bench.crm.erasures import at_once, one_by_one
from bench.crm.sweeps import Times, compared
from bench.table import write

HISTORY = Path(__file__).parent / "history.jsonl"


def main() -> int:
    """Measure, tell, and keep."""
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="  make bench\n"
        "  make bench ARGS='--server postgresql://postgres@127.0.0.1/postgres --customers 100000 --due 10'\n",
    )
    parser.add_argument(
        "--server", default="", help="a PostgreSQL or MariaDB server's URL; else SQLite files in --folder"
    )
    parser.add_argument("--folder", type=Path, help="where SQLite files go for the time; else a temporary folder")
    parser.add_argument("--customers", type=int, default=10_000, help="each has about eleven rows")
    parser.add_argument("--due", type=float, default=1.0, help="per cent of them that are due")
    parser.add_argument("--batch", type=int, default=1000, help="rows of one transaction, of both")
    parser.add_argument("--times", type=int, default=3, help="how often each is run; 7 for a figure that is published")
    parser.add_argument("--daily", action="store_true", help="a day's sweep through a window, once all else is gone")
    parser.add_argument("--answers", type=int, default=0, help="so many persons are told what is held (PostgreSQL)")
    parser.add_argument("--files", type=int, default=10_000, help="with --answers: so many more, into files")
    parser.add_argument("--jobs", type=int, default=2, help="with --answers: by so many processes")
    parser.add_argument("--erase", type=int, default=0, help="so many who are due are erased, one after the other")
    parser.add_argument("--erase-all", action="store_true", help="all who are due are erased, at once")
    parser.add_argument(
        "--file", choices=("erase", "access"), help="all who are due ask for it in one file (PostgreSQL)"
    )
    parser.add_argument("--writers", type=int, default=0, help="how long so many wait who write meanwhile (PostgreSQL)")
    parser.add_argument("--keep", action="store_true", help=f"add the run to {HISTORY.name}")
    parser.add_argument("--table", action="store_true", help="measure nothing; write what is kept into docs/")
    asked = parser.parse_args()
    if asked.table:
        write(HISTORY)
        return 0
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        copies = Copies(asked.server, Path(folder), asked.customers, asked.due)
        if asked.writers:
            return _contended(asked, copies)
        if asked.daily:
            return _daily(asked, copies)
        if asked.answers:
            return _answered(asked, copies, Path(folder))
        if asked.erase or asked.erase_all:
            return _erased(asked, copies)
        if asked.file:
            return _filed(asked, copies, Path(folder))
        times = compared(copies, asked.times, asked.batch, _say)
    told = _told(asked, times)
    where = f"{told['engine']}, {platform.machine()}, Python {platform.python_version()}"
    print(f"{where}: {asked.customers:,} customers, {asked.due:g} % due, {asked.batch:,} rows a batch")
    for name in ("by_hand", "freezing", "applying"):
        print(f"  {name.replace('_', ' '):10} {told[name]['median']:8.2f} s  (± {told[name]['spread']:.2f})")
    print(f"  ombud takes {told['ratio']} times as long; carrying out alone, {told['ratio_applying']} times")
    _keep(asked, told)
    return 0


def _daily(asked: argparse.Namespace, copies: Copies) -> int:
    days = daily(copies, asked.times, asked.batch, _say)
    nothing = statistics.median(days.nothing)
    told = {**_told(asked, days.some), "daily": True, "rows": days.rows, "nothing_due": round(nothing, 4)}
    print(f"{told['engine']}: {asked.customers:,} customers, {days.rows:,} rows due, {asked.batch:,} a batch")
    print(f"  nothing due {nothing * 1000:8.1f} ms  ({min(days.nothing) * 1000:.1f} to {max(days.nothing) * 1000:.1f})")
    for name in ("by_hand", "freezing", "applying"):
        of = told[name]
        print(f"  {name.replace('_', ' '):11} {of['median'] * 1000:8.1f} ms  (± {of['spread'] * 1000:.1f})")
    print(f"  ombud takes {told['ratio']} times as long; carrying out alone, {told['ratio_applying']} times")
    _keep(asked, told)
    return 0


def _answered(asked: argparse.Namespace, copies: Copies, folder: Path) -> int:
    copies.prepare()
    try:
        found = told(answered(copies, folder, asked.answers, min(asked.files, asked.customers), asked.jobs))
    finally:
        copies.drop()
    print(f"{asked.customers:,} customers, {asked.answers} asked one by one, in a process that is warm")
    print(said(found))
    _keep(asked, {**_run(asked), "answers": found})
    return 0


def _erased(asked: argparse.Namespace, copies: Copies) -> int:
    if asked.erase:
        found = one_by_one(copies, asked.erase)
        print(f"{asked.customers:,} customers, {asked.erase} erased one by one, each in a process that is warm")
    else:
        found = at_once(copies, asked.batch, asked.times, _say)
        print(f"{asked.customers:,} customers, {asked.due:g} % of them erased at once")
    for name in ("floor", "marking", "sweeping"):
        times = [1000 * each for each in getattr(found, name)]
        print(f"  {name:10} {statistics.median(times):9.1f} ms  ({min(times):.1f} to {max(times):.1f})")
    print(f"  ombud takes {statistics.median(found.ours) / statistics.median(found.floor):.1f} times as long")
    return 0


def _filed(asked: argparse.Namespace, copies: Copies, folder: Path) -> int:
    erased = asked.file == "erase"
    found = filed.erased(copies, folder, asked.batch, _say) if erased else filed.answered(copies, folder)
    print(
        f"{asked.customers:,} customers, {found.persons:,} of them in one file: {asked.file}, at most {found.peak} MB"
    )
    if found.floor:
        print(f"  by hand      {found.floor:8.2f} s")
    for name, seconds in found.parts.items():
        print(f"  {name:12} {seconds:8.2f} s  ({found.persons / seconds:,.0f} a second)")
    return 0


def _contended(asked: argparse.Namespace, copies: Copies) -> int:
    waits = contended(copies, asked.batch, asked.writers, alone=20)
    print(
        f"{asked.customers:,} customers, {asked.due:g} % due, {asked.batch:,} rows a batch, {asked.writers} who write"
    )
    for name, times in (("alone", waits.alone), ("beside a sweep", waits.beside)):
        middle, p99, most = (1000 * each for each in (statistics.median(times), waits.p99(times), max(times)))
        print(f"  {name:15} {len(times):8,} times: median {middle:6.1f}, p99 {p99:7.1f}, longest {most:7.1f} ms")
    print(f"  the sweep took {waits.sweep:.1f} s; deadlocks: {waits.deadlocks}")
    return 0


def _say(said: str) -> None:
    print(said, flush=True)


def _keep(asked: argparse.Namespace, told: dict[str, Any]) -> None:
    if asked.keep:
        with HISTORY.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(told) + "\n")


def _run(asked: argparse.Namespace) -> dict[str, Any]:
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": asked.server.partition(":")[0] or "sqlite",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "customers": asked.customers,
        "due_percent": asked.due,
    }


def _told(asked: argparse.Namespace, times: Times) -> dict[str, Any]:
    def of(values: list[float]) -> dict[str, float]:
        return {"median": round(statistics.median(values), 3), "spread": round(max(values) - min(values), 3)}

    return {
        **_run(asked),
        "batch": asked.batch,
        "times": asked.times,
        "by_hand": of(times.floor),
        "freezing": of(times.freezing),
        "applying": of(times.applying),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "ratio": round(times.ratio, 1),
        "ratio_applying": round(statistics.median(times.applying) / statistics.median(times.floor), 1),
    }


if __name__ == "__main__":
    sys.exit(main())
