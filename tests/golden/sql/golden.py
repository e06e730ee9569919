"""Golden SQL: what is compiled for each engine, one file a step. `python -m tests.golden.sql.golden` writes it anew."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ombud.sql.compiled.source import Said, said
from ombud.sql.compiled.targets import TARGETS
from tests.golden.sql.source import DAY, source

FOLDER = Path(__file__).parent

SHOWN = {
    "facts": "customer order opt_log",
    "owners": "order parcel letter",
    "moments": "customer order letter",
    "due": "order",
    "pins": "customer",
    "pick": "order",
    "memo": "order",
    "unlink": "customer parcel",
    "blank": "order",
    "delete": "order",
    "forget": "order",
    "receipt": "order",
}
"""By step, the tables whose statements stand in files: each sort of rule once. The others are proved too."""


@cache
def compiled(engine: str) -> tuple[Said, ...]:
    """Every statement for an engine, said or refused."""
    return tuple(said(*source(), DAY, TARGETS[engine]))


def files(engine: str) -> dict[str, str]:
    """By step, what its golden file holds; and the functions that the engine is asked for, anywhere."""
    target, found = TARGETS[engine], dict[str, str]()
    for step, tables in SHOWN.items():
        mine = [each for each in compiled(engine) if each.step.name == step and each.table in tables.split()]
        told = [each.text or f"-- {each.table}: refused: {each.refused}" for each in mine]
        head = f"-- {mine[0].step.says} {target.title}: compiled, not run.\n"
        found[f"{step}.sql"] = head + "\n" + "\n\n".join(told) + "\n"
    found["functions.txt"] = "\n".join(sorted(functions(engine))) + "\n"
    return found


def functions(engine: str) -> set[str]:
    """The names of functions, and the types that are cast to."""
    whole = "\n".join(each.text for each in compiled(engine))
    called = set(re.findall(r"(?<![\w'])([A-Z][A-Z0-9_]*)\(", whole)) - {"EXISTS", "IN"}
    return called | {f"type {name}" for name in re.findall(r" AS ([A-Z][A-Z0-9_ ]*(?:\([^()]*\))?)\)", whole)}


def write() -> None:
    """Write all of it."""
    for engine in TARGETS:
        (FOLDER / engine).mkdir(exist_ok=True)
        for name, text in files(engine).items():
            (FOLDER / engine / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
