"""A description of a database that somebody else wrote, from its file."""

from __future__ import annotations

from pathlib import Path

from ombud.app.documents import document
from ombud.datamap.guess.fideslang import read as read_fideslang
from ombud.datamap.guess.said import Said
from ombud.datamap.schema import Schema


def described(file: Path | None, source: str, schema: Schema, key: str | None = None) -> Said:
    """What a dataset in fideslang says of this database; nothing without a file. Raises Refused, and OSError.

    The dataset of the key; else that which is called as the source, or the only one.
    """
    if file is None:
        return Said()
    found = document(file)
    with found.told():
        return read_fideslang(found.plain, source, schema, key)
