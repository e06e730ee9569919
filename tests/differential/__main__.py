"""`make differential`: the compiled plan on a real engine against the oracle, on as many generated cases as asked.

Twenty-five cases at a time share databases. A quarter of them are also killed between two statements, and resumed or
planned anew; a third are probed first, and asked afterwards whether anything due is left. Prints how often each
construct occurred, how many cases were refused, and every divergence with the numbers that draw it again. Exit code 1
if there is one.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from random import Random
from typing import TypedDict

import sqlalchemy as sa

from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.cases import Case
from tests.differential.crowds import CROWD
from tests.differential.harness import Bench
from tests.differential.linked import judged_by_rows, linked
from tests.differential.quiet import quiet, unended
from tests.differential.siblings import family


class Fate(TypedDict):
    """How a crowd is run."""

    batch_size: int
    twice: bool
    kill_after: int | None


@dataclass
class Tally:
    """What came of some cases."""

    done: int = 0
    refused: int = 0
    killed: int = 0
    windows: int = 0
    persons: int = 0
    closely: int = 0
    told: int = 0
    constructs: Counter[str] = field(default_factory=Counter)
    diverged: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.done += other.done
        self.refused += other.refused
        self.killed += other.killed
        self.windows += other.windows
        self.persons += other.persons
        self.closely += other.closely
        self.constructs += other.constructs
        self.diverged += other.diverged


def main() -> int:
    asked = _arguments()
    jobs = 1 if asked.case is not None else asked.jobs
    tally, started = Tally(), time.monotonic()
    numbers = range(asked.first, asked.first + -(-asked.cases // asked.family))
    for part in _parts(asked, jobs, _in_time(numbers, started, asked.minutes, jobs)):
        tally.add(part)
        for said in part.diverged:
            print(f"\n{said}", flush=True)
        _progress(tally, time.monotonic() - started)
    _report(tally, asked, time.monotonic() - started)
    return 1 if tally.diverged else 0


def _parts(asked: argparse.Namespace, jobs: int, numbers: Iterator[int]) -> Iterator[Tally]:
    """What came of each family; one process alone is this one, which says what stops it."""
    if jobs == 1:
        _prepare(asked)
        yield from map(_family, numbers)
        return
    with multiprocessing.Pool(jobs, _prepare, (asked,)) as pool:
        yield from pool.imap_unordered(_family, numbers)
        pool.close()
        pool.join()


def _progress(tally: Tally, seconds: float) -> None:
    """One line that is written over on a terminal; elsewhere one line every thousand cases."""
    said = f"{tally.done} cases, {tally.refused} refused, {len(tally.diverged)} diverged, {tally.done / seconds:.1f}/s"
    if sys.stderr.isatty():
        print(f"\r{said} ", end="", file=sys.stderr)
    elif tally.done // 1000 > tally.told:
        tally.told = tally.done // 1000
        print(said, file=sys.stderr, flush=True)


def _in_time(numbers: range, started: float, minutes: float, jobs: int) -> Iterator[int]:
    """The families' numbers, until time is up; handed out no faster than they are done."""
    for number in numbers:
        if minutes and time.monotonic() - started > minutes * 60:
            return
        _LIMIT.acquire()
        yield number


_LIMIT = multiprocessing.Semaphore(0)
_ASKED: list[argparse.Namespace] = []
_BENCHES: dict[str, Bench] = {}
"""By zone, for a calendar takes longer to fill than a case to run."""


def _prepare(asked: argparse.Namespace) -> None:
    """Each process has databases of its own, and little to throw away."""
    gc.set_threshold(200_000, 20, 100)
    _ASKED.append(asked)
    if server := asked.postgresql or asked.mariadb:
        multiprocessing.util.Finalize(None, _drop, (server,), exitpriority=1)
    _LIMIT.release()
    _LIMIT.release()


def _bench(zone: str) -> Bench:
    if zone not in _BENCHES:
        asked, urls = _ASKED[0], [f"{'duckdb' if _ASKED[0].duckdb else 'sqlite'}://"] * 2
        if server := asked.postgresql or asked.mariadb:
            names = [f"ombud_differential_{os.getpid()}_{len(_BENCHES)}_{n}" for n in (1, 2)]
            for name in names:
                _administer(server, "CREATE DATABASE", name)
            base = _url(server)
            urls = [base.set(database=name).render_as_string(hide_password=False) for name in names]
        _BENCHES[zone] = Bench(dict(zip(("crm", "web"), urls, strict=True)))
        _BENCHES[zone].thorough = not asked.narrow
        _BENCHES[zone].access = asked.access
        _BENCHES[zone].by_oracle = asked.by_oracle
    return _BENCHES[zone]


def _engine(asked: argparse.Namespace) -> str:
    if asked.duckdb:
        return "duckdb"
    if asked.mariadb:
        return "myisam" if asked.myisam else "mariadb"
    return "postgresql" if asked.postgresql else "sqlite"


def _url(given: str) -> sa.URL:
    url = sa.make_url(given)
    return url.set(drivername={"postgresql": "postgresql+psycopg", "mariadb": "mariadb+pymysql"}[url.drivername])


def _administer(url: str, what: str, name: str, how: str = "") -> None:
    admin = sa.create_engine(_url(url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"{what} {admin.dialect.identifier_preparer.quote(name)} {how}")
    admin.dispose()


def _drop(url: str) -> None:
    for bench in _BENCHES.values():
        bench.close()
        for engine in bench.engines.values():
            force = "WITH (FORCE)" if engine.dialect.name == "postgresql" else ""
            _administer(url, "DROP DATABASE IF EXISTS", engine.url.database or "", force)


def _family(number: int) -> Tally:
    """Every crowd of a family, or the case asked for alone; whatever is raised, the next may come."""
    try:
        return _tallied(number)
    finally:
        _LIMIT.release()


def _tallied(number: int) -> Tally:
    asked = _ASKED[0]
    tally, program, random = Tally(), Program(), Random(number)
    narrowed = linked if asked.by_links else judged_by_rows if asked.gathered else None
    cases = enumerate(family(number, asked.family, _engine(asked), narrowed=narrowed))
    for n in count():
        crowd = list(islice(cases, CROWD))
        fate: Fate = {
            "batch_size": 17 if random.random() < 0.12 else 1000,
            "twice": (number + n) % 3 == 0,
            "kill_after": random.randrange(600) if (number + n) % 4 == 3 else None,
        }
        if asked.case is not None:
            crowd = [(at, case) for at, case in crowd if at == asked.case]
        if not crowd or tally.refused:
            if asked.case is None or n * CROWD > asked.case:
                break
            continue
        program = _crowd(number, crowd, fate, program, tally)
    return tally


def _crowd(number: int, crowd: list[tuple[int, Case]], fate: Fate, program: Program, tally: Tally) -> Program:
    """Run a crowd at once; if it diverges, each of its cases alone, to say which."""
    asked, cases = _ASKED[0], [_as_asked(number, case) for _, case in crowd]
    bench = _bench(cases[0].policy.zone)
    before, windows, persons = bench.fuse.burnt, bench.by_window, bench.of_persons
    closely = bench.closely
    try:
        found, program = _run(bench, cases, fate, program)
    except Circle:
        tally.refused += asked.family - crowd[0][0]
        return program
    tally.done += len(crowd)
    tally.killed += (bench.fuse.burnt - before) * len(crowd)
    tally.windows += bench.by_window - windows
    tally.persons += bench.of_persons - persons
    tally.closely += bench.closely - closely
    for case, came in zip(cases, bench.outcomes, strict=True):
        answers = {name: times for name, times in came.items() if name.startswith("access: ")}
        tally.constructs.update({*case.constructs, *came.keys()} - answers.keys())
        tally.constructs.update(answers)
    if found is None:
        return program
    tally.diverged.append(f"family {number}, cases {crowd[0][0]} to {crowd[-1][0]}, {fate}: {found}")
    for at, case in crowd:
        alone, program = _run(bench, [_as_asked(number, case)], fate, program)
        if alone is not None:
            tally.diverged[-1] += f"\n--case {at} alone: {alone}"
            break
    return program


def _as_asked(number: int, case: Case) -> Case:
    if _ASKED[0].window:
        return quiet(case)
    return unended(case) if _ASKED[0].narrow and number % 4 else case


def _run(bench: Bench, cases: list[Case], fate: Fate, program: Program) -> tuple[object, Program]:
    """What diverged, and the program to go on with: a crash is a divergence, and the run goes on."""
    try:
        if _ASKED[0].gathered:
            return bench.tell_crowd(cases, program, _ASKED[0].gathered, sweeps=fate["twice"]), program
        how = {"window": _ASKED[0].window, "persons": _ASKED[0].persons}
        return bench.run_crowd(cases, program=program, **how, **fate), program
    except Circle:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:2000], Program()


def _report(tally: Tally, asked: argparse.Namespace, seconds: float) -> None:
    engine = _engine(asked)
    share = 100 * tally.refused / max(1, tally.done + tally.refused)
    print(
        f"\n{engine}: {tally.done} cases in {seconds:.0f} s, {tally.refused} refused ({share:.1f} %), "
        f"{tally.killed} sweeps of a case killed, {len(tally.diverged)} diverged"
    )
    if asked.window or asked.narrow:
        print(f"{tally.windows} sweeps of a crowd through a window found something")
    if asked.persons:
        print(
            f"{tally.persons} sweeps of some persons of a crowd found something, {tally.closely} decided by the oracle"
        )
    for name, times in sorted(tally.constructs.items(), key=lambda item: (item[1], item[0])):
        print(f"{times:>8}  {name}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make differential", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="how many, about")
    parser.add_argument("--family", type=int, default=200, help="how many worlds share a policy and a map")
    parser.add_argument("--first", type=int, default=0, help="the first family's number")
    parser.add_argument("--case", type=int, help="only this case of each family")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so long")
    parser.add_argument("--window", action="store_true", help="quiet cases: what days alone bring about, and no more")
    parser.add_argument("--narrow", action="store_true", help="full looks are at what can be due alone")
    parser.add_argument(
        "--persons", action="store_true", help="some persons' rows alone, on every other day then the rest"
    )
    parser.add_argument("--by-oracle", action="store_true", help="with --persons: let the oracle decide all it serves")
    parser.add_argument("--access", action="store_true", help="compare what persons are told, too")
    parser.add_argument(
        "--gathered", type=int, default=0, help="compare alone what is gathered of so many persons of each case"
    )
    parser.add_argument("--by-links", action="store_true", help="rows name people by links alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--postgresql", default="", metavar="URL", help="a server to make databases on; else SQLite")
    parser.add_argument("--mariadb", default="", metavar="URL", help="likewise")
    parser.add_argument("--myisam", action="store_true", help="with --mariadb: tables that undo nothing")
    parser.add_argument("--duckdb", action="store_true", help="in memory, as SQLite is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
