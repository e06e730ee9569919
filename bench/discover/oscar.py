"""django-oscar, a web shop, on SQLite: its own migrations, then its own models fill it (`oscar_fill`)."""

from __future__ import annotations

from pathlib import Path

from bench.discover.install import environment, fill


def build(folder: Path) -> str:
    """Make `folder`/oscar.sqlite3 anew; return its URL."""
    python = environment(folder, "django-oscar==4.2.1", "Django>=4.2,<5")
    database = folder / "oscar.sqlite3"
    database.unlink(missing_ok=True)
    fill(python, "bench.discover.oscar_fill", folder)
    return f"sqlite:///{database}"
