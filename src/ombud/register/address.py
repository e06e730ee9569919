"""Where a register is: a file beside the project, or a PostgreSQL database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ombud.adapters.keys import private_folder
from ombud.register.trouble import BadAddress

FILE = "requests.db"
"""In the project's state folder, where no address says otherwise."""

BUSY = 30
"""Seconds that a writer waits for another one of a SQLite file."""

AT_THE_START = (
    "PRAGMA journal_mode=WAL",  # readers do not wait for the writer
    "PRAGMA synchronous=FULL",  # what was acknowledged is there after a power cut
    "PRAGMA secure_delete=ON",  # what is wiped is overwritten
)

FILE_OPTIONS = {"timeout": BUSY, "transaction_mode": "IMMEDIATE", "init_command": ";".join(AT_THE_START)}
"""A transaction takes the write lock at its start: two that both read and then write cannot wait for each other."""

_PORTS = {"postgresql": "django.db.backends.postgresql", "postgres": "django.db.backends.postgresql"}


@dataclass(frozen=True, slots=True)
class Address:
    """A database as Django's DATABASES says it. `file` is the SQLite file, None for a server."""

    django: Mapping[str, Any] = field(repr=False)
    file: Path | None = None


def address_of(url: str | None, state_dir: Path) -> Address:
    """The address that a URL as SQLAlchemy writes it stands for; without one, a file in the state folder.

    A relative SQLite file is beside the state folder. Raises BadAddress, which does not repeat the URL.
    """
    if not url:
        return _file(state_dir.resolve() / FILE)
    try:
        known = make_url(url)
    except (ArgumentError, ValueError):
        raise BadAddress("the register's address cannot be read", "postgresql://user@host/name") from None
    kind = known.get_backend_name()
    if kind == "sqlite":
        if not known.database or known.database == ":memory:":
            raise BadAddress("a register in memory would forget", "name a file: sqlite:///requests.db")
        return _file(state_dir.resolve().parent / known.database)
    if kind in _PORTS:
        return Address(_server(known, _PORTS[kind]))
    raise BadAddress(f"a register cannot be in {kind}", "use PostgreSQL, or no address: then it is a file")


def _server(known: URL, engine: str) -> dict[str, Any]:
    if not known.database:
        raise BadAddress("the register's address names no database", "postgresql://user@host/name")
    options = {name: value if isinstance(value, str) else value[-1] for name, value in known.query.items()}
    return {
        "ENGINE": engine,
        "NAME": known.database,
        "USER": known.username or "",
        "PASSWORD": known.password or "",
        "HOST": known.host or "",
        "PORT": str(known.port or ""),
        "OPTIONS": options,
    }


def _file(path: Path) -> Address:
    return Address({"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": FILE_OPTIONS}, path)


def make_private(file: Path, state_dir: Path) -> None:
    """Make the file before SQLite would, for its owner alone; what SQLite makes beside it takes its mode."""
    private_folder(state_dir)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
