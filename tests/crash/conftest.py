"""Databases that die: one SQLite file filled anew for each case, and one on PostgreSQL."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty SQLite database; its calendar is made once and kept."""
    path = tmp_path_factory.mktemp("crash") / "crm.db"
    path.touch()
    return f"sqlite:///{path}"
