"""The register of marks: one append-only SQLite file in the project, numbering each mark once."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ombud.adapters.keys import private_folder
from ombud.sql.odd_text import is_odd
from ombud.terms import Act, IdRef, KeyRef, Mark, Ref

_TABLES = """
CREATE TABLE IF NOT EXISTS mark (seq INTEGER PRIMARY KEY AUTOINCREMENT, made TEXT NOT NULL, said TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fingerprint (of_key TEXT PRIMARY KEY);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON mark BEGIN SELECT RAISE(ABORT, 'marks are only added'); END;
CREATE TRIGGER IF NOT EXISTS never_removed BEFORE DELETE ON mark BEGIN SELECT RAISE(ABORT, 'marks are only added'); END;
"""


class AnotherKey(Exception):
    """The register was made with another secret: its hashes name nobody under this one."""


class Register:
    """The marks of a project, by number. Every method raises sqlite3.Error where the file cannot be used."""

    def __init__(self, path: Path, secret: bytes) -> None:
        """Nothing is made before the first mark. Raises AnotherKey where the file belongs to another secret."""
        self.path = path
        self._fingerprint = hmac.new(secret, b"ombud register", hashlib.sha256).hexdigest()
        if path.is_file():
            with _open(self.path) as db:
                known = db.execute("SELECT of_key FROM fingerprint").fetchone()
                if known is not None and not hmac.compare_digest(known[0], self._fingerprint):
                    raise AnotherKey

    def newest(self) -> int:
        """The number of the newest mark; 0 where there is none."""
        return newest_in(self.path)

    def marks(self, after: int = 0) -> tuple[Mark, ...]:
        """Every mark with a greater number, in order."""
        return marks_in(self.path, after)

    def made(self) -> Mapping[int, str]:
        """The instant at which each mark was written, ISO 8601 in UTC, by its number."""
        if not self.path.is_file():
            return {}
        with _open(self.path) as db:
            return dict(db.execute("SELECT seq, made FROM mark").fetchall())

    def add(self, mark: Mark, made: str) -> Mark:
        """Write a mark under the next number, and give it with that number. `made` is the instant, ISO 8601 in UTC."""
        return self.add_all([mark], made)[0]

    def add_all(self, marks: Iterable[Mark], made: str) -> tuple[Mark, ...]:
        """The same for many in their order, all or none."""
        private_folder(self.path.parent)
        kept: list[Mark] = []
        with _open(self.path) as db:
            db.executescript(_TABLES)
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT OR IGNORE INTO fingerprint VALUES (?)", (self._fingerprint,))
            for mark in marks:
                said = json.dumps(_said(mark), ensure_ascii=False, sort_keys=True)
                if is_odd(said):
                    said = json.dumps(_said(mark), sort_keys=True)
                seq = db.execute("INSERT INTO mark (made, said) VALUES (?, ?)", (made, said)).lastrowid
                kept.append(replace(mark, seq=int(seq or 0)))
            db.execute("COMMIT")
        return tuple(kept)


def marks_in(path: Path, after: int = 0) -> tuple[Mark, ...]:
    """Every mark of a register with a greater number, in order: for that, no secret is needed. Raises sqlite3.Error."""
    if not path.is_file():
        return ()
    with _open(path) as db:
        found = db.execute("SELECT seq, said FROM mark WHERE seq > ? ORDER BY seq", (after,)).fetchall()
    return tuple(_mark(seq, json.loads(said)) for seq, said in found)


def newest_in(path: Path) -> int:
    """The number of a register's newest mark, likewise; 0 where there is none."""
    if not path.is_file():
        return 0
    with _open(path) as db:
        return int(db.execute("SELECT coalesce(max(seq), 0) FROM mark").fetchone()[0])


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        yield db
    finally:
        db.close()


def _said(mark: Mark) -> dict[str, Any]:
    return {
        "day": mark.day.isoformat(),
        "act": mark.act.value,
        "refs": [_said_ref(ref) for ref in sorted(mark.refs, key=repr)],
        "purpose": mark.purpose,
        "company": mark.company,
        "ground": mark.ground,
        "allows": sorted(mark.allows),
        "request": mark.request,
        "review": mark.review.isoformat() if mark.review else None,
        "text_version": mark.text_version,
    }


def kept_part(part: object) -> str:
    """A part of a key as the register keeps it, if it is no whole number: bytes as PostgreSQL writes them."""
    return f"\\x{part.hex()}" if isinstance(part, bytes) else str(part)


def _said_ref(ref: Ref) -> dict[str, Any]:
    match ref:
        case KeyRef(source, subject, key, birth):
            parts = [part if isinstance(part, int) else kept_part(part) for part in key]
            return {"source": source, "subject": subject, "key": parts, "birth": birth}
        case IdRef(kind, digest):
            return {"kind": kind, "digest": digest}


def _mark(seq: int, said: dict[str, Any]) -> Mark:
    return Mark(
        seq,
        date.fromisoformat(said["day"]),
        Act(said["act"]),
        frozenset(_ref(each) for each in said["refs"]),
        said["purpose"],
        said["company"],
        said["ground"],
        frozenset(said["allows"]),
        said["request"],
        date.fromisoformat(said["review"]) if said["review"] else None,
        said["text_version"],
    )


def _ref(said: dict[str, Any]) -> Ref:
    if "digest" in said:
        return IdRef(said["kind"], said["digest"])
    return KeyRef(said["source"], said["subject"], tuple(said["key"]), said["birth"])
