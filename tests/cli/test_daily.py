"""A daily plan looks at what days brought about since nothing due was left, and at everything where that may not do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place

BACKDATED = "INSERT INTO customer VALUES (6, 'Fia', 'f@x.example', '2019-01-01', '2020-01-01')"


def daily(place: Place) -> Any:
    return place.json("plan", "--daily", "--source", "shop")


def due(plan: Any) -> dict[str, int]:
    return {name: t["touched"] for name, t in plan["sources"]["shop"]["tables"].items() if t["touched"]}


def carried_out(place: Place, plan: Any) -> None:
    assert place.run("apply", plan["plan"], "--allow").exit_code == 0


@pytest.fixture
def swept(shop: tuple[Place, sa.Engine]) -> tuple[Place, sa.Engine]:
    """A source of which nothing due is left on 1 June 2026."""
    place, engine = shop
    first = daily(place)
    assert first["since"] == {"shop": {"day": None, "because": "nothing was swept here yet"}}
    carried_out(place, first)
    return place, engine


def test_the_next_day_finds_what_that_day_brought_about_and_no_more(swept: tuple[Place, sa.Engine]) -> None:
    place, engine = swept
    with engine.begin() as connection:
        connection.exec_driver_sql(BACKDATED)
    place.now += timedelta(days=1)
    plan = daily(place)
    assert plan["since"] == {"shop": {"day": "2026-06-01", "because": ""}}
    assert due(plan) == {"customer": 1}
    carried_out(place, plan)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM customer ORDER BY id").scalars().all() == [2, 4, 5, 6]
    assert due(daily(place)) == {}
    assert due(place.json("plan", "--source", "shop")) == {"customer": 1}, "a full look sees what came later"
    plan = daily(place)
    assert due(plan) == {"customer": 1}, "and what it saw is not forgotten until it is gone"
    assert plan["since"]["shop"] == {"day": None, "because": "what was found due is not gone yet"}
    carried_out(place, plan)
    assert daily(place)["since"]["shop"]["day"] == "2026-06-02"


def test_no_more_is_promised_than_was_looked_at(swept: tuple[Place, sa.Engine]) -> None:
    place, engine = swept
    with engine.begin() as connection:
        connection.exec_driver_sql(BACKDATED)
    said = " ".join(place.run("plan", "--daily", "--source", "shop").stdout.split())
    assert "Nothing of what days have brought about is due in shop." in said
    assert "What was written since is looked at every 7 days; ombud plan" in said
    place.now += timedelta(days=1)
    path = place.directory / "today.json"
    assert place.run("plan", "--daily", "--source", "shop", "--out", str(path)).exit_code == 0
    told = " ".join(place.apply(path).stdout.split())
    assert "Nothing due is left in shop of what days have brought about." in told


def test_it_says_from_when_it_looked(swept: tuple[Place, sa.Engine]) -> None:
    place, _ = swept
    place.now += timedelta(days=1)
    said = " ".join(place.run("plan", "--daily", "--source", "shop").stdout.split())
    assert "shop: looked at what days have brought about since 2026-06-01, when nothing due was left." in said


@pytest.mark.parametrize("why", ["reconcile", "mark", "policy"])
def test_everything_is_looked_at_where_days_alone_may_not_do(swept: tuple[Place, sa.Engine], why: str) -> None:
    place, engine = swept
    with engine.begin() as connection:
        connection.exec_driver_sql(BACKDATED)
    place.now += timedelta(days=7 if why == "reconcile" else 1)
    if why == "mark":
        place.run("mark", "held", "--subject", "shop/customer/2")
    elif why == "policy":
        place.replace("policy/group.yaml", "P12M", "P13M")
    plan = daily(place)
    said = plan["since"]["shop"]
    words = {"reconcile": "full look", "mark": "marks were set", "policy": "are others"}
    assert said["day"] is None
    assert words[why] in said["because"]
    assert due(plan)["customer"] >= 1


def test_while_an_objection_waits_days_alone_do_and_not_when_it_takes_effect(swept: tuple[Place, sa.Engine]) -> None:
    place, _ = swept
    place.run("mark", "objected", "--subject", "shop/customer/2")
    found = []
    for days in (0, 1, 29, 1, 1):  # 30 days to change one's mind, and the full looks on the way
        place.now += timedelta(days=days)
        plan = daily(place)
        found.append(plan["since"]["shop"]["because"])
        if due(plan):
            carried_out(place, plan)
    assert "marks were set" in found[0]
    assert found[1] == ""
    assert "full look" in found[2]
    assert "took effect" in found[3]
    assert found[4] == ""


def test_it_is_about_today_alone(shop: tuple[Place, sa.Engine]) -> None:
    refused = shop[0].run("plan", "--daily", "--on", "2026-07-01")
    assert refused.exit_code == 2
    assert "--daily is about today" in refused.output
