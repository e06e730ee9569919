"""MediaWiki with AbuseFilter and OATHAuth on MariaDB: its Debian package's SQL, then plain SQL (`mediawiki_fill`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pymysql

from bench.discover.install import package
from bench.discover.mediawiki_fill import filled

NAME = "ombud_discover_mediawiki"
FILES = (
    "maintenance/tables-generated.sql",
    "extensions-core/AbuseFilter/db_patches/mysql/tables-generated.sql",
    "extensions-core/OATHAuth/sql/mysql/tables-generated.sql",
)


def build(folder: Path) -> str:
    """Make the database anew on the server of OMBUD_TEST_MARIADB, else the one on loopback; return its URL."""
    tree = package(folder, "mediawiki") / "usr/share/mediawiki"
    server = urlsplit(os.environ.get("OMBUD_TEST_MARIADB", "mariadb://root@127.0.0.1:3306/"))
    link: Any = pymysql.connect(
        host=server.hostname or "127.0.0.1",
        port=server.port or 3306,
        user=server.username,
        password=server.password or "",
        charset="utf8mb4",
    )
    with link, link.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
        cursor.execute(f"CREATE DATABASE {NAME} CHARACTER SET binary")
        cursor.execute(f"USE {NAME}")
        for file in FILES:
            for statement in _statements((tree / file).read_text()):
                cursor.execute(statement)
        for table, rows in filled().items():
            for row in rows:
                columns = ", ".join(f"`{column}`" for column in row)
                marks = ", ".join(["%s"] * len(row))
                cursor.execute(f"INSERT INTO `{table}` ({columns}) VALUES ({marks})", list(row.values()))
        link.commit()
    return server._replace(path=f"/{NAME}").geturl()


def _statements(script: str) -> list[str]:
    lines = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("--"))
    lines = lines.replace("/*$wgDBTableOptions*/", "ENGINE=InnoDB DEFAULT CHARSET=binary")
    return [statement for statement in lines.split(";") if statement.strip()]
