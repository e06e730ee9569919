"""Databases that real applications made, restored from the shared folder into throw-away places."""

from __future__ import annotations

import lzma
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pymysql
import sqlalchemy as sa
from psycopg import sql
from pymysql.constants import CLIENT


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


@contextmanager
def mariadb(packed: Path, beside: str, name: str) -> Iterator[str]:
    """A database of that name on the server of the URL `beside`, filled from a dump, dropped afterwards."""
    url = sa.make_url(beside)
    place = {"host": url.host, "port": url.port or 3306, "user": url.username, "password": url.password or ""}
    with lzma.open(packed, "rt", encoding="utf-8") as file:
        script = file.read()
    server = pymysql.connect(**place, charset="utf8mb4", client_flag=CLIENT.MULTI_STATEMENTS)
    with server, server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        try:
            cursor.execute(f"USE `{name}`")
            cursor.execute(script)
            while cursor.nextset():
                pass
            server.commit()
            yield url.set(drivername="mariadb", database=name, query={}).render_as_string(hide_password=False)
        finally:
            cursor.execute(f"DROP DATABASE `{name}`")
