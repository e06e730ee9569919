"""A company's SQLite file stays as its application set it up: its journal is that application's choice."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Place


@pytest.mark.parametrize("mode", ["delete", "truncate", "persist", "wal"])
def test_a_file_keeps_the_journal_that_it_has(bare: Place, mode: str) -> None:
    bare.sql("shop", f"PRAGMA journal_mode = {mode}")
    before = (bare.directory / "shop.db").read_bytes()[18:20]
    assert bare.apply(bare.plan()).exit_code == 0
    assert bare.counts() == (4, 2, 1)
    assert (bare.directory / "shop.db").read_bytes()[18:20] == before
    assert before == (b"\2\2" if mode == "wal" else b"\1\1")  # the file format's versions (SQLite, "File Format", 1.3)
