"""Databases that real applications made, restored from the shared folder into throw-away places."""

from __future__ import annotations

import lzma
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def sqlite(packed: Path, to: Path) -> str:
    """Unpack a SQLite file; its SQLAlchemy URL."""
    with lzma.open(packed) as source, to.open("wb") as target:
        shutil.copyfileobj(source, target)
    return f"sqlite:///{to}"


@contextmanager
def postgresql(packed: Path, beside: str, name: str) -> Iterator[str]:
    """A database of that name on the server of the URL `beside`, filled from a pg_dump script, dropped afterwards."""
    parts = urlsplit(beside)
    server = urlunsplit(parts._replace(scheme="postgresql"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        target = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        with (
            lzma.open(packed, "rt", encoding="utf-8") as script,
            psycopg.connect(target, autocommit=True) as connection,
        ):
            _run(connection, script)
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(connection: psycopg.Connection[tuple[object, ...]], script: Iterator[str]) -> None:
    """Statements are sent in one piece between the data; backslash commands are psql's own and mean nothing here."""
    statements: list[str] = []

    def send() -> None:
        if text := "".join(statements).strip():
            connection.execute(text.encode())
        statements.clear()

    for line in script:
        if line.startswith("COPY ") and line.endswith("FROM stdin;\n"):
            send()
            with connection.cursor().copy(line.encode()) as data:
                for row in script:
                    if row == "\\.\n":
                        break
                    data.write(row)
        elif not line.startswith(("\\", "--")):
            statements.append(line)
    send()
