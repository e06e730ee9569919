"""What the user of a database may not do is told by name, with what to grant; nothing is said of what was not read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place, address

ADA = ("--subject", "email=ada@x.example")


@pytest.fixture
def swept(bare: Place, served: sa.Engine, reader: str) -> Place:
    """The shop once swept: Ada went, her order stays and remembers her. Its user may now read the shop's tables alone.

    As `docs/reference/cli.md` asked of one who only explains.
    """
    bare.replace("ombud.yaml", "sqlite:///shop.db", address(served))
    bare.run("mark", "ended", *ADA, "--ground", "Art. 17", "--purpose", "delivery")
    assert bare.apply(bare.plan()).exit_code == 0
    assert "somebody whose row is gone" in bare.run("explain", "shop/orders/11").stdout
    bare.replace("ombud.yaml", address(served), reader)
    return bare


@pytest.mark.parametrize("asked", [ADA, ("shop/orders/11",), ("shop/customer/1",), ("shop/customer/42",)])
def test_an_explanation_says_nothing_of_a_source_whose_memory_it_may_not_read(
    swept: Place, asked: tuple[str, ...]
) -> None:
    result = swept.run("explain", *asked)
    assert result.exit_code == 1
    assert "C031: shop: the user may not use the schema ombud" in " ".join(result.stderr.split())
    assert "GRANT USAGE ON SCHEMA ombud TO" in result.stderr
    assert "GRANT SELECT ON ALL TABLES IN SCHEMA ombud TO" in result.stderr
    for untruth in ("nothing is found of anybody with this identifier.", "About", "is not there", "the row"):
        assert untruth not in result.stdout


def test_such_a_source_is_not_looked_at(swept: Place) -> None:
    assert swept.json("explain", *ADA)["not_looked_at"] == ["shop"]
    told = " ".join(swept.run("explain", *ADA).stdout.split())
    assert "Not looked at: shop. What is held there is not known." in told


def test_a_check_of_the_database_tells_that_its_memory_cannot_be_read(swept: Place) -> None:
    result = swept.run("check", "--live")
    assert result.exit_code == 0, "maps and tables were compared"
    assert "warning C031: shop: the user may not use the schema ombud" in " ".join(result.stderr.split())
    assert "GRANT USAGE ON SCHEMA ombud TO" in result.stderr


def test_with_the_rights_it_asks_for_an_explanation_is_given(swept: Place, served: sa.Engine, reader: str) -> None:
    user = sa.make_url(reader).username
    with served.connect() as connection:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA ombud TO {user}")
    part = swept.run("explain", "shop/orders/11")
    assert part.exit_code == 1
    assert "C031: shop: the user may not read ombud." in " ".join(part.stderr.split())
    with served.connect() as connection:
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA ombud TO {user}")
    whole = swept.run("explain", "shop/orders/11")
    assert whole.exit_code == 0, whole.output
    assert "somebody whose row is gone" in whole.stdout
    assert "C031" not in swept.run("check", "--live").stderr
