"""The flagship example as a project of its own: its files copied, its databases built around a day."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import ombud
from ombud.adapters.keys import private_folder
from ombud.app.loaded import Refused
from ombud.app.project import FILE, STATE
from ombud.app.suppressing import KEPT
from ombud.terms import Finding, Place

GROUP = "examples/cag"
"""The example, beside the source or, in an installed package, inside it."""

MARKER = "example"
"""The file in the state folder by which an earlier example is known, so that nothing else is ever overwritten."""


def root() -> Path:
    """The directory that holds `examples`. Raises Refused where this installation has none."""
    package = Path(ombud.__file__).resolve().parent
    for place in (package.parents[1], package / "example"):
        if (place / GROUP / FILE).is_file():
            return place
    hint = "run it from the source tree: make demo"
    raise Refused(Finding("C080", Place("demo"), "this installation does not hold the example", hint))


def _is_in_use(state: Path) -> bool:
    """Whether the register of an earlier demo holds a mark that somebody made, and not the demo's apply by itself."""
    register = state / "register.db"
    if not register.is_file():
        return False
    with closing(sqlite3.connect(register)) as connection:
        try:
            made = "SELECT 1 FROM mark WHERE instr(said, ?) = 0 LIMIT 1"
            return connection.execute(made, (f'"ground": "{KEPT}',)).fetchone() is not None
        except sqlite3.Error:
            return True


def lay_out(directory: Path, day: date) -> None:
    """Make `directory` a project: policy, maps, `ombud.yaml`, six databases as of `day`. Raises Refused, OSError."""
    source = root()
    state = directory / STATE
    if directory.exists() and any(directory.iterdir()) and not (state / MARKER).is_file():
        hint = "name a directory that is empty, or not there yet"
        raise Refused(Finding("C081", Place(str(directory)), "the directory holds something else", hint))
    if _is_in_use(state):
        hint = "name another directory, or delete this one yourself"
        raise Refused(Finding("C081", Place(str(directory)), "marks were made in this project: it is in use", hint))
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("policy", "datamap"):
        shutil.copytree(source / GROUP / name, directory / name, dirs_exist_ok=True)
    shutil.copy(source / GROUP / FILE, directory / FILE)
    for old in (*directory.glob("*.db-wal"), *directory.glob("*.db-shm"), *directory.glob("plan-*.json")):
        old.unlink()
    shutil.rmtree(state, ignore_errors=True)
    private_folder(state)
    (state / MARKER).write_text(f"{day.isoformat()}\n", encoding="ascii")
    if str(source) not in sys.path:
        sys.path.insert(0, str(source))
    importlib.import_module("examples.cag.databases").build(directory, day)
