"""The proof goes red: statements broken on purpose, as a translation might break them, are not let through."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlglot import exp
from sqlglot.optimizer.unnest_subqueries import unnest_subqueries

from ombud.sql.compiled import say
from ombud.sql.compiled.families import Columns
from ombud.sql.compiled.proof import prove, tied
from ombud.sql.compiled.refused import Unsayable
from ombud.sql.compiled.say import NEUTRAL, Sayer, parsed
from ombud.sql.compiled.source import said
from ombud.sql.compiled.targets import TARGETS
from tests.golden.sql.source import DAY, source

BUILT = """
SELECT row.id AS id FROM row AS row
WHERE row.gone = 1 AND NOT (
  (SELECT 1 FROM state AS state WHERE state.who = row.who AND state.shielded = 1 LIMIT 1) IS NOT NULL
) AND CASE WHEN row.kind = 'a' THEN row.id ELSE 0 END = 1
"""
SAID = """
SELECT "row"."id" AS "id" FROM "row" AS "row"
WHERE "row"."gone" = 1 AND NOT EXISTS(
  SELECT 1 FROM "state" AS "state" WHERE "state"."who" = "row"."who" AND "state"."shielded" = 1
) AND CASE WHEN "row"."kind" = 'a' THEN "row"."id" ELSE 0 END = 1
"""
COLUMNS = Columns({
    "row": {"id": "number", "gone": "number", "who": "text", "kind": "word"},
    "state": {"who": "text", "shielded": "number"},
})  # fmt: skip


def read(text: str, engine: str = "snowflake") -> None:
    """Prove a text beside what was built."""
    built = parsed(BUILT, NEUTRAL)
    prove(built, parsed(text, TARGETS[engine].grammar), TARGETS[engine], COLUMNS)


def test_what_means_the_same_is_proved() -> None:
    read(SAID)
    assert tied(parsed(BUILT, NEUTRAL)) == [frozenset({("row", "who")}), frozenset()]


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ('"state"."who" = "row"."who" AND ', "", "has lost row.who"),
        ('"state"."who" = "row"."who"', '"state"."who" = "state"."who"', "has lost row.who"),
        ('"state"."who" = "row"."who"', '"state"."who" = "who"', "has lost row.who"),
        ('"state"."who" = "row"."who"', '"state"."who" = "row"."kind"', "has row.kind for it"),
        ('FROM "state" AS "state"', 'FROM "state" AS "row"', "has lost row.who"),
        ("NOT EXISTS", "EXISTS", "does not stand where it was built"),
        ('"shielded" = 1', '"shielded" <> 1', "does not stand where it was built"),
        ('"shielded" = 1', '"shielded" = 0', "number '1'"),
        (' AND "state"."shielded" = 1', "", "does not stand where it was built"),
        (') AND CASE', ') OR CASE', "does not stand where it was built"),
        ('THEN "row"."id" ELSE 0', 'THEN 0 ELSE "row"."id"', "does not stand where it was built"),
        ("'a'", "'A'", "text 'a'"),
        ('"row"."gone" = 1', "1 = 1", "does not stand where it was built"),
        ('"row"."gone" = 1', 'gone = 1', r"has \.gone for it"),
        ('"row"."gone" = 1', '"row"."gone" = 1 AND 1 = 0', "truth 'False'"),
        ('"row"."gone" = 1', '"row"."gone" = 1 AND "row"."id" = 1', "it was not built"),
        ('FROM "state" AS', 'FROM "other" AS', "does not stand where it was built"),
        ('"row"."gone" = 1', '"row".gone = 1', "gone is not quoted"),
        ("NOT EXISTS(\n  SELECT 1", 'NOT "row"."who" IN (\n  SELECT "state"."who"', "does not stand"),
        ("'a'", "ombud_exact('a')", "ombud_exact is no function there"),
    ],
)  # fmt: skip
def test_what_means_another_thing_is_not(was: str, now: str, why: str) -> None:
    assert was in SAID
    with pytest.raises(Unsayable, match=f"not proved: .*({why})"):
        read(SAID.replace(was, now))


def test_a_subquery_made_a_join_is_not_proved() -> None:
    """As engines that cannot correlate have it done for them."""
    made = unnest_subqueries(parsed(SAID, "redshift")).sql(dialect="redshift", identify=True)
    with pytest.raises(Unsayable, match="not proved"):
        read(made, "redshift")


def test_a_day_worked_out_by_the_engine_is_not_proved() -> None:
    built = "SELECT row.id AS id FROM row AS row WHERE row.day >= ombud_day('2026-06-01')"
    said = """SELECT "row"."id" AS "id" FROM "row" AS "row" WHERE "row"."day" >= CURRENT_DATE"""
    columns = Columns({"row": {"id": "number", "day": "date"}})
    with pytest.raises(Unsayable, match="arithmetic of days"):
        prove(parsed(built, NEUTRAL), parsed(said, "snowflake"), TARGETS["snowflake"], columns)


Break = Callable[[exp.Exists], None]


def _untie(asked: exp.Exists) -> None:
    """The first condition of WHERE, by which a subquery knows its row, is always true."""
    where = asked.this.args["where"]
    first = where.this
    while isinstance(first, exp.And):
        first = first.this
    first.replace(exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(1)))


def _negate(asked: exp.Exists) -> None:
    asked.replace(exp.Not(this=asked.copy()))


@pytest.mark.parametrize("broken", [_untie, _negate])
def test_every_check_against_marks_that_a_plan_makes_is_held_in_place(
    broken: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each EXISTS over the marks' states, of what is frozen of one table, broken in turn as a translation might."""
    told = said(*source(), DAY, TARGETS["snowflake"], "opt_log")
    whole = next(each.text for each in told if each.step.name == "due")
    read_whole = parsed(whole.rstrip(";"), "snowflake")
    many = len(_of_states(read_whole, broken))
    assert many > 2
    for n in range(many):
        tree = read_whole.copy()
        broken(_of_states(tree, broken)[n])
        assert _differs(read_whole, tree), n


def _of_states(tree: exp.Expr, broken: Break) -> list[exp.Exists]:
    """Whether there are any states at all is tied to no row."""
    found = [e for e in tree.find_all(exp.Exists) if e.this.args["from_"].this.name == "ombud_t_state"]
    return [e for e in found if broken is _negate or e.this.args.get("where")]


def _differs(built: exp.Expr, said: exp.Expr) -> bool:
    back = parsed(said.sql(dialect="snowflake", identify=True), "snowflake")
    target = TARGETS["snowflake"]
    try:
        prove(built, back, target, COLUMNS, typed=False)
    except Unsayable:
        return True
    return False


def test_a_rule_that_went_wrong_is_refused_by_the_sayer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way, with a translation that forgets what ties a subquery to its row."""

    def forgets(tree: exp.Expr, target: object, columns: object) -> None:
        for where in tree.find_all(exp.Where):
            if where.find_ancestor(exp.Subquery, exp.Exists):
                where.pop()

    row = sa.table("row", sa.column("id", sa.BigInteger()), sa.column("who", sa.Text()))
    state = sa.table("state", sa.column("who", sa.Text()))
    tie = sa.select(sa.literal_column("1")).where(state.c.who == row.c.who).limit(1).correlate(row).scalar_subquery()
    asked = sa.select(row.c.id).where(tie.is_not(None))
    sayer = Sayer(TARGETS["redshift"], COLUMNS)
    assert "EXISTS" in sayer.say(asked)
    monkeypatch.setattr(say, "put", forgets)
    with pytest.raises(Unsayable, match=r"has lost row\.who"):
        sayer.say(asked)
