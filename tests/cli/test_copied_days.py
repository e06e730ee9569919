"""Days copied from another source count as long as it is known when they were copied."""

from __future__ import annotations

from tests.cli.conftest import Place

FROM_SHOP = "moments: {ended: {from: shop, match: email, subject: customer, if_none: none}}\n    not_personal: [closed]"


def test_a_copy_dated_in_the_future_is_not_believed(project: Place) -> None:
    """A clock that was wrong for a day must not have every later copy taken for fresh while the source is down."""
    project.replace("datamap/desk.yaml", "moments: {ended: closed}", FROM_SHOP)
    project.run("plan")
    (project.directory / "shop.db").rename(project.directory / "away.db")
    for said, stays in (("2026-06-01", False), ("2031-01-01", True)):
        project.sql("desk", f"UPDATE ombud_meta SET value = '{said}' WHERE name LIKE 'imported/%'")
        tables = project.json("plan", "--source", "desk")["sources"]["desk"]["tables"]
        assert bool(tables.get("ticket", {}).get("deleted")) is not stays, said
