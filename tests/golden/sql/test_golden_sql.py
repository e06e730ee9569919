"""What is compiled for engines on which ombud does not run is what the golden files say, and nothing is left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

import pytest
import sqlalchemy as sa
from sqlglot import exp

from ombud.cli.sql import DIALECTS
from ombud.sql.compiled.families import Columns
from ombud.sql.compiled.neutral import counts
from ombud.sql.compiled.refused import Unsayable
from ombud.sql.compiled.say import Sayer, parsed
from ombud.sql.compiled.source import clashes
from ombud.sql.compiled.targets import TARGETS
from tests.golden.sql.golden import FOLDER, SHOWN, compiled, files
from tests.golden.sql.source import schema_of

REFUSED = {
    ("databricks", "facts", "order"): "an instant has a text in the session's time zone alone",
    ("oracle", "blank", "order"): "order.order is NOT NULL, and the empty text",
}
"""All that cannot be said of the golden source. What can be said one day fails until it is taken out of here."""

NASTY = (
    "it's",
    'a "quoted" word',
    "back\\slash",
    "new\nline",
    "tab\tand \x1f",
    "räksmörgås, 犬, 🜁",
    "-- no comment",
    "/*",
    "{x}",
    "%s",
    ":name",
)
LONG = "a_column_whose_name_has_sixty_characters_and_not_a_single_on"
ITEM = Columns({"order": {"order": "text", LONG: "number", "på hyllan": "number"}}, frozenset(), frozenset({"order"}))


@pytest.mark.parametrize("engine", TARGETS)
def test_what_is_compiled_is_what_the_files_say_and_nothing_is_left_out(engine: str) -> None:
    told = files(engine)
    assert {path.name for path in (FOLDER / engine).iterdir()} == told.keys()
    for name, text in told.items():
        assert text == (FOLDER / engine / name).read_text(encoding="utf-8"), f"{engine}/{name}: see golden.py"
        assert name.endswith(".txt") or re.match(r"-- [A-Z][^.]*\. .*: compiled, not run\.\n", text)
    refused = {(engine, each.step.name, each.table): each.refused for each in compiled(engine) if not each.text}
    assert refused.keys() == {key for key in REFUSED if key[0] == engine}
    assert all(REFUSED[key] in why for key, why in refused.items())
    assert {each.step.name for each in compiled(engine)} >= SHOWN.keys() | {"again"}
    whole = "\n".join(each.text for each in compiled(engine))
    assert not re.search(r"NOT IN\b|INTERVAL|DATEADD|DATE_ADD|CURRENT_DATE|GETDATE|SYSDATE", whole)


def test_the_command_knows_every_engine() -> None:
    assert set(DIALECTS) == TARGETS.keys()


# --- texts and names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", TARGETS)
def test_odd_texts_and_names_are_there_to_the_letter(engine: str) -> None:
    item = sa.table(
        "order",
        sa.column("order", sa.Text()),
        sa.column(LONG, sa.BigInteger()),
        sa.column("på hyllan", sa.BigInteger()),
    )
    for nasty in NASTY:
        asked = sa.select(item.c[LONG], item.c["på hyllan"]).where(item.c["order"] == nasty)
        back = parsed(Sayer(TARGETS[engine], ITEM).say(asked).rstrip(";"), TARGETS[engine].grammar)
        stop = "." if TARGETS[engine].pads else ""
        texts = [e.name for e in back.find_all(exp.Literal, exp.National) if isinstance(e, exp.National) or e.is_string]
        assert nasty + stop in texts
        assert {c.name for c in back.find_all(exp.Column)} == {"order", LONG, "på hyllan"}


def test_a_text_that_is_not_ascii_is_national_on_sql_server() -> None:
    asked = sa.select(_item().c.n).where(_item().c.t == "å")
    assert "N'å.'" in Sayer(TARGETS["sqlserver"], ITEM_TN).say(asked)


def test_blanks_at_the_end_of_a_text_count_where_the_engine_would_not_count_them() -> None:
    asked = sa.select(_item().c.n).where(_item().c.t == sa.func.ombud_exact("open ", type_=sa.Text()))
    assert "|| '.' = " in Sayer(TARGETS["redshift"], ITEM_TN).say(asked)
    assert "'.'" not in Sayer(TARGETS["trino"], ITEM_TN).say(asked)


def test_the_empty_text_of_oracle_is_another_where_it_is_compared_and_none_where_it_is_joined() -> None:
    item = _item()
    asked = sa.select(item.c.n).where(
        item.c.t == "", item.c.t == sa.literal("x", sa.Text()).concat(sa.func.coalesce(item.c.t, ""))
    )
    told = Sayer(TARGETS["oracle"], ITEM_TN).say(asked)
    assert "= '␞'" in told
    assert """COALESCE("item"."t", '')""" in told


def test_a_day_is_written_with_a_cast_or_its_form_and_an_instant_in_utc() -> None:
    item = sa.table("item", sa.column("n", sa.BigInteger()), sa.column("at", sa.DateTime(timezone=True)))
    asked = sa.select(item.c.n).where(item.c.at >= datetime(2026, 6, 1, tzinfo=UTC))
    columns = Columns({"item": {"n": "number", "at": "timestamptz"}})
    told = {name: Sayer(target, columns).say(asked) for name, target in TARGETS.items()}
    assert "CAST('2026-06-01 00:00:00 UTC' AS TIMESTAMP WITH TIME ZONE)" in told["trino"]
    assert "CAST('2026-06-01 00:00:00+00:00' AS TIMESTAMP)" in told["databricks"]
    assert "FROM_TZ(TO_TIMESTAMP('2026-06-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS'), '+00:00')" in told["oracle"]


# --- what is refused ---------------------------------------------------------------------------------------------


def test_a_comparison_of_two_families_is_refused() -> None:
    item = _item()
    with pytest.raises(Unsayable, match="number beside word"):
        Sayer(TARGETS["trino"], ITEM_TN).say(sa.select(item.c.n).where(item.c.n == sa.literal("1", sa.Text())))


def test_a_list_longer_than_the_engine_takes_is_refused() -> None:
    asked = sa.select(_item().c.n).where(_item().c.n.in_(range(1001)))
    with pytest.raises(Unsayable, match="a list of 1001 values, where 1000 are the most"):
        Sayer(TARGETS["oracle"], ITEM_TN).say(asked)
    assert Sayer(TARGETS["snowflake"], ITEM_TN).say(asked)


def test_a_list_of_nothing_a_list_that_is_a_query_and_a_not_in_of_one_are_refused() -> None:
    item, other = _item(), _item().alias("other")
    for where in (item.c.n.in_([]), item.c.n.in_(sa.select(other.c.n)), item.c.n.not_in(sa.select(other.c.n))):
        with pytest.raises(Unsayable):
            Sayer(TARGETS["bigquery"], ITEM_TN).say(sa.select(item.c.n).where(where))


def test_a_name_longer_than_the_engine_takes_is_refused() -> None:
    short = replace(TARGETS["redshift"], longest=3)
    with pytest.raises(Unsayable, match="item has 4 bytes, where 3 are the most"):
        Sayer(short, ITEM_TN).say(sa.select(_item().c.n))


def test_names_that_differ_by_case_alone_clash_where_case_does_not_count() -> None:
    schema = schema_of({"item": {"id": "integer", "Name": "text", "name": "text"}})
    assert [*clashes(schema, TARGETS["redshift"])] == [
        "Amazon Redshift takes names for one that differ by case alone: columns of item Name, name"
    ]
    assert not [*clashes(schema, TARGETS["snowflake"])]


@pytest.mark.parametrize(
    ("declared", "held"),
    [("DECIMAL(38,9)", True), ("numeric(12, 2)", True), ("DECIMAL(38,10)", False), ("DOUBLE", False)],
)
def test_a_number_that_might_be_rounded_is_not_ordered_by(declared: str, held: bool) -> None:
    assert counts(declared) is held


def test_the_version_of_sqlglot_is_the_one_whose_trees_are_known() -> None:
    assert parsed("SELECT a FROM t WHERE a IS NOT NULL", "postgres").find(exp.Is).args["negate"]  # type: ignore[union-attr]
    assert version("sqlglot").split(".")[0] == "30"


ITEM_TN = Columns({"item": {"n": "number", "t": "text"}}, frozenset(), frozenset({"item"}))


def _item() -> sa.TableClause:
    return sa.table("item", sa.column("n", sa.BigInteger()), sa.column("t", sa.Text()))
