"""A check ends with how much it found, and says what it did not look at."""

from __future__ import annotations

import sqlalchemy as sa

from tests.cli.conftest import SHOP_SQL, Place


def test_files_without_an_error_are_counted(project: Place) -> None:
    assert "1 company, 2 purposes, 2 sources, 3 tables: no errors, " in project.run("check").stdout


def test_where_the_files_are_wrong_the_errors_are_counted_and_no_database_is_said_to_be_looked_at(
    project: Place,
) -> None:
    project.replace("datamap/shop.yaml", "goods: purchases", "goods: purchasse")
    result = project.run("check", "--live")
    assert result.exit_code == 1
    assert "1 error, " in result.stdout
    assert "No database was looked at" in result.stdout
    assert "No database" not in project.run("check").stdout
    assert project.json("check")["errors"] == 1


def test_a_database_that_does_not_answer_is_named_at_the_end(project: Place) -> None:
    (project.directory / "desk.db").unlink()
    result = project.run("check", "--live")
    assert result.exit_code == 1
    assert "Not looked at: desk." in result.stdout
    assert "and the database of shop: 1 error" in result.stdout
    (project.directory / "shop.db").unlink()
    assert "3 tables: 2 errors" in project.run("check", "--live").stdout


def test_a_schema_that_is_not_the_usual_one_is_named_at_the_end(project: Place, postgresql_url: str) -> None:
    engine = sa.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA app")
        connection.exec_driver_sql("SET LOCAL search_path = app")
        for statement in filter(str.strip, SHOP_SQL.split(";")):
            connection.exec_driver_sql(statement)
    url = postgresql_url.replace("+psycopg", "") + "?options=-csearch_path%3Dapp"
    project.replace("ombud.yaml", "sqlite:///shop.db", url)
    result = project.run("check", "--live")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA app CASCADE")
    engine.dispose()
    assert "shop: looked at the tables of app." in result.stdout


def test_columns_that_letters_call_by_their_names_are_listed_as_advice_and_no_finding(project: Place) -> None:
    told = project.json("check")
    assert told["untitled"]["shop"]["customer"] == ["name", "email", "created", "ended_at"]
    assert not [each for each in told["findings"] if "title" in each["message"]]
    result = project.run("check", "--strict")
    assert "Advice: " in result.stdout
    assert "shop.customer.created" in result.stdout
    mail = "name: {sv: Namn, en: Name}, email: {sv: E-post, en: E-mail}"
    titles = f"titles: {{created: {{sv: Upplagd, en: Entered}}, ended_at: {{sv: Avslutad, en: Ended}}, {mail}}}"
    project.replace("datamap/shop.yaml", "source: shop\n", f"source: shop\n{titles}\n")
    assert "customer" not in project.json("check")["untitled"].get("shop", {})
    project.replace("datamap/shop.yaml", ", en: Ended", "")
    assert "customer" not in project.json("check")["untitled"].get("shop", {}), "the policy speaks Swedish alone"
