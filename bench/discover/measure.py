"""`python -m bench.discover.measure APP URL`: what of the truth a draft finds, what it finds too much, how fast.

The draft is made by the command itself, as a user would, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bench.discover.check import truth


@dataclass
class Score:
    """One application's numbers. `missed`, `extra` and `astray` are named, so that somebody can look."""

    columns: int = 0
    found: int = 0
    extra: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    tables: int = 0
    astray: list[str] = field(default_factory=list)
    apart: int = 0

    def line(self) -> str:
        """The numbers in one line."""
        recall = self.found / self.columns if self.columns else 1.0
        named = self.found + len(self.extra)
        precision = self.found / named if named else 1.0
        ways = 1 - len(self.astray) / self.tables if self.tables else 1.0
        apart = f", {self.apart} more not reachable by a bare name" if self.apart else ""
        found = f"recall {recall:.1%} of {self.columns}{apart}"
        return f"{found}, precision {precision:.1%}, owners {ways:.1%} of {self.tables}"


def drafted(url: str, *options: str) -> tuple[dict[str, Any], float, int]:
    """The draft as data, the seconds it took, and the most memory that any child of this process held, in MB."""
    started = time.monotonic()
    command = [
        sys.executable,
        "-c",
        "from ombud.cli import main; main()",
        "discover",
        url,
        "--format",
        "json",
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took = time.monotonic() - started
    return json.loads(done.stdout), took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def scored(
    labelled: dict[str, Any], draft: dict[str, Any], full: dict[str, str], apart: frozenset[str] = frozenset()
) -> Score:
    """A draft against the truth. `full` has the truth's name of each table of the draft; `apart` are tables that no
    map can name, for another schema has one of their name before them: their labels are counted apart.
    """
    either = set(labelled["either"])
    personal = {name for name in labelled["personal"] if name.rpartition(".")[0] not in apart}
    named = {f"{full[table]}.{column}" for table, made in draft["tables"].items() for column in _columns(made)}
    score = Score(len(personal), len(personal & named), apart=len(labelled["personal"]) - len(personal))
    score.missed = sorted(personal - named)
    score.extra = sorted(named - personal - either)
    by_name = {full[table]: made for table, made in draft["tables"].items()}
    for table, ways in labelled["owners"].items():
        if ways and table not in apart:
            score.tables += 1
            said = list(_ways(table, by_name, full))
            if not any(way in ways for way in said):
                score.astray.append(f"{table}: {said} for {ways}")
    return score


def _columns(made: dict[str, Any]) -> Iterator[str]:
    yield from made["columns"]
    if made["key_values"]:
        yield made["key_values"]["value"]


def _ways(table: str, by_name: dict[str, dict[str, Any]], full: dict[str, str]) -> Iterator[list[str]]:
    """The ways that a draft says; one that leads to rows which say themselves whom they are about goes on there."""
    made = by_name.get(table)
    if made is None:
        return
    if made["subject"]:
        yield ["self"]
    if made["owner"]:
        way = [f"{full[hop.rpartition('.')[0]]}.{hop.rpartition('.')[2]}" for hop in made["owner"]]
        yield way
        end = full.get(made["ends"], made["ends"])
        if end in by_name and by_name[end]["by_identifier"]:
            yield [*way, f"{end}.{by_name[end]['by_identifier'][1]}"]
    if made["by_identifier"]:
        yield [f"{table}.{made['by_identifier'][1]}"]
    if made["inside"]:
        yield [f"{table}.{made['inside']}"]


def main() -> int:
    """Measure, and print what was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("app")
    parser.add_argument("url")
    parser.add_argument("--names", action="store_true", help="name what was missed, too much, and led astray")
    parser.add_argument("--rows", default="200", help="how many rows of each table are looked at: 0 for names alone")
    asked = parser.parse_args()
    url, full, apart = _searched(asked.url)
    draft, took, memory = drafted(url, "--rows", asked.rows)
    full |= {table: table for table in draft["tables"] if table not in full}
    score = scored(truth(asked.app), draft, full, apart)
    print(f"{asked.app}: {score.line()}; {took:.1f} s, {memory} MB")
    if asked.names:
        for what in ("missed", "extra", "astray"):
            print(f"{what}:", *getattr(score, what), sep="\n  ")
    return 0


def _searched(url: str) -> tuple[str, dict[str, str], frozenset[str]]:
    """On PostgreSQL, the address with every schema on its path, each table's name with its schema, and the tables
    that another schema hides."""
    if not url.startswith("postgresql"):
        return url, {}, frozenset()
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    look = sa.inspect(engine)
    schemas = [s for s in look.get_schema_names() if s != "information_schema" and look.get_table_names(schema=s)]
    every = [
        (table, f"{schema}.{table}") for schema in reversed(schemas) for table in look.get_table_names(schema=schema)
    ]
    full = dict(every)
    hidden = frozenset(name for table, name in every if full[table] != name)
    return f"{url}?options=-csearch_path={','.join(schemas)}", full, hidden


if __name__ == "__main__":
    sys.exit(main())
