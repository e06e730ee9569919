"""Rows through Indico's own table definitions: its defaults, types and checks apply to each."""

from __future__ import annotations

from typing import Any

from indico.core.db import db

HONORIFIC = {True: 2, False: 1}  # by whether the person is a woman
FILE = {"content_type": "application/pdf", "size": 4000, "storage_backend": "default"}


def put(table: str, **values: object) -> int:
    """Insert a row into `table` (schema.name); return its id where it has one."""
    definition = db.metadata.tables[table]
    done: Any = db.session.execute(definition.insert().values(**values))
    key = done.inserted_primary_key
    return int(key[0]) if key and isinstance(key[0], int) else 0


def stored(name: str) -> dict[str, object]:
    """What a table with an upload keeps of the file `name`."""
    return {**FILE, "filename": name, "md5": f"{abs(sum(map(ord, name))):032x}", "storage_file_id": f"2024/{name}"}
