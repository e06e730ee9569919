"""In a source too large to be read whole, what belongs to a row or a person is read, and judged as among all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place

WHOLE, FEW = 50_000, 0


def both(place: Place, monkeypatch: pytest.MonkeyPatch, *question: str) -> tuple[Any, Any]:
    """The answer from whole sources, and from what belongs together."""
    answers = []
    for most in (WHOLE, FEW):
        monkeypatch.setattr("ombud.app.rows.MOST", most)
        answers.append(ordered(place.json("explain", *question)))
    return answers[0], answers[1]


def ordered(answer: Any) -> Any:
    """The same whatever came first."""
    if isinstance(answer, list):
        return sorted(map(ordered, answer), key=repr)
    return {key: ordered(each) for key, each in answer.items()} if isinstance(answer, dict) else answer


ASKED = (
    *((row,) for row in ("shop/customer/1", "shop/customer/4", "shop/orders/11", "shop/orders/14", "desk/ticket/1")),
    *(("--subject", f"email={name}@x.example") for name in ("ada", "home", "nobody")),
)


def test_what_belongs_together_is_explained_as_it_is_among_all(
    shop: tuple[Place, sa.Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, engine = shop
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO orders VALUES (14, NULL, '2012-02-01', 'lamp', 'Cia')")
    place.run("mark", "restricted", "--subject", "email=home@x.example")
    place.apply(place.plan())
    for question in ASKED:
        whole, few = both(place, monkeypatch, *question)
        assert few == whole, question


def test_a_row_without_a_key_is_explained_by_its_number_there_too(
    project: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.sql("shop", "CREATE TABLE log (at DATE, who TEXT)")
    project.sql("shop", "INSERT INTO log VALUES ('2020-01-01', 'Ada'), ('2026-01-01', 'Bea'), ('2026-01-01', 'Bea')")
    project.replace("datamap/shop.yaml", "  orders:\n", "  log:\n    key: []\n    owner: nobody\n    born: at\n"
                    "    purposes: {delivery: all}\n    moments: {ended: at}\n    columns: {who: contact.name}\n"
                    "  orders:\n")  # fmt: skip
    for number in ("1", "3"):
        whole, few = both(project, monkeypatch, f"shop/log/{number}")
        assert few == whole
        assert few["row"]["key"] == number


def test_the_example_is_explained_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path / "demo")
    assert place.run("demo", "--dir", str(place.directory), "--no-apply").exit_code == 0
    rows = ["crm/customer/1", "crm/invoice/1", "crm/orders/2", "support/message/1", "newsletter/subscriber/1"]
    for question in (*((row,) for row in rows), ("--subject", "email=astrid@kviststrand.example")):
        whole, few = both(place, monkeypatch, *question)
        assert few == whole, question
        assert "row" in few or few["rows"]
