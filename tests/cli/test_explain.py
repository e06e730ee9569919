"""Every cell held about a person, in every source, with what holds it, until when, and what goes next."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place


def rows(answer: Any) -> dict[str, Any]:
    """The rows of an answer by source, table and key."""
    return {f"{row['source']}/{row['table']}/{row['key']}": row for row in answer["rows"]}


def cells(row: Any) -> dict[str, Any]:
    return {cell["cell"]: cell for cell in row["cells"]}


def test_a_person_is_found_in_every_source_however_the_address_is_written(project: Place) -> None:
    found = rows(project.json("explain", "--subject", "email= BEA@x.example "))
    assert set(found) == {"desk/ticket/2", "shop/customer/2", "shop/orders/12"}


def test_a_cell_says_for_which_purpose_on_which_basis_and_until_when(project: Place) -> None:
    order = rows(project.json("explain", "--subject", "email=ada@x.example"))["shop/orders/11"]
    live = [claim for claim in cells(order)["goods"]["claims"] if claim["live"]]
    assert [(c["purpose"], c["basis"], c["last_day"]) for c in live] == [
        ("bookkeeping", "legal_obligation", "2032-12-31")
    ]
    assert cells(order)["deliver_to"]["due"] is True


def test_what_goes_tomorrow_is_told_today(project: Place) -> None:
    found = rows(project.json("explain", "--subject", "email=cia@x.example"))["shop/customer/3"]
    assert (found["outcome"], found["tomorrow"]) == ("keep", "delete")
    later = rows(project.json("explain", "--subject", "email=cia@x.example", "--on", "2026-06-02"))["shop/customer/3"]
    assert later["outcome"] == "delete"
    assert "the row goes tomorrow" in project.run("explain", "--subject", "email=cia@x.example").stdout


def test_rows_that_are_held_alike_are_told_together_and_named(project: Place) -> None:
    """Eight tickets of one day: the first, four beside it, and how many more."""
    with sqlite3.connect(project.directory / "desk.db") as desk:
        columns = [name for _, name, *_ in desk.execute("PRAGMA table_info(ticket)")]
        said = ", ".join(columns[1:])
        for n in range(7):
            desk.execute(f"INSERT INTO ticket (id, {said}) SELECT {100 + n}, {said} FROM ticket WHERE id = 2")
    told = project.run("explain", "--subject", "email=bea@x.example").stdout
    assert "desk/ticket/2, 100, 101, 102, 103 and 3 more rows" in told
    assert told.count("desk/ticket/") == 1
    assert (
        len([key for key in rows(project.json("explain", "--subject", "email=bea@x.example")) if "ticket" in key]) == 8
    )


def test_values_are_masked_unless_asked_for(project: Place) -> None:
    masked, shown = (project.run("explain", "shop/customer/1", *more).stdout for more in ((), ("--show",)))
    assert "ada@x.example" not in masked
    assert "a•••" in masked
    assert "ada@x.example" in shown


def test_a_row_shows_its_claims_live_and_dead(project: Place) -> None:
    answer = project.run("explain", "shop/orders/11").stdout
    assert "bookkeeping" in answer
    assert "2032-12-31" in answer
    assert "2021-01-01, past" in answer
    assert "stays, and loses cells (deliver_to)" in answer


def test_who_shares_an_address_is_told_apart_from_who_has_it_alone(project: Place) -> None:
    found = rows(project.json("explain", "--subject", "email=home@x.example"))
    assert set(found) == {"shop/customer/4", "shop/customer/5"}


def test_after_an_apply_what_is_left_still_has_its_owner_and_its_reason(project: Place) -> None:
    project.apply(project.plan())
    found = rows(project.json("explain", "--subject", "email=ada@x.example"))
    assert set(found) == {"shop/orders/11"}, "the order's customer is gone, and remembered beside it"
    assert cells(found["shop/orders/11"]).keys() == {"goods"}


def test_an_explanation_changes_nothing(bare: Place) -> None:
    before = (bare.directory / "shop.db").read_bytes()
    assert bare.run("explain", "--subject", "email=ada@x.example").exit_code == 0
    assert (bare.directory / "shop.db").read_bytes() == before


def test_a_source_that_is_down_is_told_and_the_others_are_explained(project: Place) -> None:
    (project.directory / "desk.db").unlink()
    result = project.run("explain", "--subject", "email=ada@x.example")
    assert result.exit_code == 1
    assert "C030" in result.stderr
    assert "shop/customer/1" in result.stdout


def test_a_source_too_large_to_read_is_refused_with_its_size(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.app.rows.TOGETHER", 0)
    project.sql("desk", "WITH n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
                        "INSERT INTO ticket (id) SELECT i FROM n")  # fmt: skip
    result = project.run("explain", "desk/ticket/1")
    assert result.exit_code == 1
    assert "C060" in result.stderr
    assert "desk has 59,993 rows" in result.stderr
    monkeypatch.undo()
    assert project.run("explain", "desk/ticket/1").exit_code == 0


def test_nothing_is_said_of_a_source_that_was_not_looked_at(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.app.rows.MOST", 5)  # the shop has eight rows
    monkeypatch.setattr("ombud.app.rows.MOST_SEARCHED", 5)
    (project.directory / "desk.db").rename(project.directory / "desk.away")
    for whom in ("nobody@x.example", "ada@x.example"):
        told = project.run("explain", "--subject", f"email={whom}")
        assert told.exit_code == 1
        assert "Not looked at: desk, shop. What is held there is not known." in told.stdout
        assert "nothing is found" not in told.stdout
        assert project.json("explain", "--subject", f"email={whom}")["not_looked_at"] == ["desk", "shop"]
    (project.directory / "desk.away").rename(project.directory / "desk.db")
    told = project.run("explain", "--subject", "email=nobody@x.example")
    assert "nothing is found of anybody with this identifier in desk." in told.stdout
    assert "Not looked at: shop" in told.stdout
    assert "`ombud plan` and `ombud apply` have no such limit" in told.stderr
    told = project.run("explain", "--subject", "email=ada@x.example")
    assert "desk/ticket/1" in told.stdout
    assert "Not looked at: shop" in told.stdout


def test_a_kind_that_no_source_finds_people_by_is_refused_and_not_answered_with_nothing(project: Place) -> None:
    result = project.run("explain", "--subject", "phone=070-174 06 05")
    assert result.exit_code == 1
    assert "C061" in result.stderr
    assert "known: email" in result.stderr
    assert "nothing is found" not in result.stdout


# --- what is not what it was -------------------------------------------------------------------------------------


def test_a_shell_says_which_rows_need_it_and_by_which_link(project: Place) -> None:
    project.replace("datamap/shop.yaml", "if_none: not_yet}", "if_none: not_yet, gone: shell}")
    told = project.run("explain", "shop/customer/1").stdout
    assert "kept by shop/orders/11, by the link customer" in told
    assert "stays as a shell" in told
    assert "kept by shop/orders/11" in project.run("explain", "--subject", "email=ada@x.example").stdout
    row = project.json("explain", "shop/customer/1")["row"]
    assert row["kept_by"] == [{"table": "orders", "by": "customer", "mapped": True, "rows": 1, "keys": ["11"]}]


def test_a_shell_says_which_table_outside_the_map_refers_to_it(project: Place) -> None:
    with sqlite3.connect(project.directory / "shop.db") as db:
        db.executescript(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, about INTEGER REFERENCES customer, said TEXT);"
            "INSERT INTO note VALUES (1, 1, 'secret'), (2, 1, NULL), (3, 2, NULL);"
        )
    told = " ".join(project.run("explain", "shop/customer/1").stdout.split())
    assert "kept by 2 rows of shop.note, by about: the map does not name this reference, nor the table" in told
    assert "secret" not in told


def test_what_is_left_of_a_person_says_how_their_row_went(project: Place) -> None:
    path = project.plan()
    plan = json.loads(path.read_text())["id"]
    project.now += timedelta(hours=20)
    project.apply(path)
    for question in (("--subject", "email=ada@x.example"), ("shop/customer/1",)):
        result = project.run("explain", *question)
        assert result.exit_code == 0, result.output
        told = " ".join(result.stdout.split())
        assert "shop/customer/1 is not there any more" in told
        assert f"It went with plan {plan}, carried out on 2026-06-02: step customer, batch 1." in told
        assert not re.search("ada@|Ada", result.output)
        (gone,) = project.json("explain", *question)["gone"]
        assert (gone["key"], gone["step"], gone["batch"]) == ("1", "customer", 1)
        assert gone["plan"] == {"plan": plan, "began": "2026-06-02", "ended": "2026-06-02"}
    assert "step ticket, batch 1" in project.run("explain", "desk/ticket/1").stdout


def test_either_engine_says_what_keeps_a_shell_and_how_a_row_went(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO customer VALUES (6, 'F', 'f@x.example', '2019-01-01', '2020-01-01')")
        connection.exec_driver_sql("CREATE TABLE note (id INTEGER PRIMARY KEY, about INTEGER REFERENCES customer)")
        connection.exec_driver_sql("INSERT INTO note VALUES (1, 6)")
    try:
        path = place.plan("--source", "shop")
        assert place.apply(path).exit_code == 0
        kept = place.json("explain", "shop/customer/6")["row"]
        assert (kept["outcome"], kept["kept_by"][0]["table"], kept["kept_by"][0]["mapped"]) == ("shell", "note", False)
        (gone,) = place.json("explain", "--subject", "email=ada@x.example")["gone"]
        assert (gone["key"], gone["plan"]["plan"]) == ("1", json.loads(path.read_text())["id"])
        assert "It went with plan" in place.run("explain", "shop/orders/10").stdout
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE note")


def test_after_the_next_plan_only_the_plans_are_known_that_may_have_done_it(project: Place) -> None:
    project.apply(project.plan())
    first = json.loads((project.directory / "plan.json").read_text())["id"]
    project.plan()
    told = " ".join(project.run("explain", "--subject", "email=ada@x.example").stdout.split())
    assert (
        f"It went with the plan {first}, carried out on 2026-06-01: no other deleted or blanked rows of customer."
        in told
    )
    assert "Which of them" not in told
    assert "C063" in project.run("explain", "desk/ticket/1").stderr, "nothing that is left remembers it"


def test_of_several_plans_that_may_have_done_it_each_is_named(project: Place) -> None:
    project.apply(project.plan())
    first = json.loads((project.directory / "plan.json").read_text())["id"]
    project.sql("shop", "INSERT INTO customer VALUES (6, 'Fay', 'fay@x.example', '2019-01-01', '2020-01-01')")
    project.apply(project.plan())
    second = json.loads((project.directory / "plan.json").read_text())["id"]
    project.plan()
    told = " ".join(project.run("explain", "--subject", "email=ada@x.example").stdout.split())
    assert "It went with one of the plans that deleted or blanked rows of customer: " in told
    assert told.index(second) < told.index(first)
    assert "forgotten when the next one is made" in told


def test_a_row_that_a_hold_kept_from_its_plan_is_explained_as_it_stands(project: Place) -> None:
    path = project.plan()
    project.run("mark", "held", "--subject", "email=ada@x.example")
    project.apply(path)
    assert project.json("explain", "shop/customer/1")["row"]["outcome"] == "keep"
    project.sql("shop", "DELETE FROM orders")
    project.sql("shop", "DELETE FROM customer WHERE id = 1")
    assert "C063" in project.run("explain", "shop/customer/1").stderr, "another program deleted it"


def test_what_was_last_copied_of_who_is_gone_still_holds(project: Place) -> None:
    project.replace("datamap/desk.yaml", "moments: {ended: closed}",
                    "moments: {ended: {from: shop, match: email, subject: customer, if_none: none}}\n"
                    "    not_personal: [closed]")  # fmt: skip
    project.apply(project.plan())
    project.sql("shop", "DELETE FROM customer WHERE id = 2")
    ticket = project.json("explain", "desk/ticket/2")["row"]
    assert ticket["outcome"] == "keep", "Bea was a customer who had not left, when the desk last asked"


def test_a_row_says_whose_it_is(project: Place) -> None:
    assert "shop/customer/2  Tallvik Norr AB" in project.run("explain", "shop/customer/2").stdout
    assert "shop/customer/2  Tallvik Norr AB" in project.run("explain", "--subject", "email=bea@x.example").stdout
    assert project.json("explain", "shop/customer/2")["row"]["company"] == "north"


# --- why a claim is dead -----------------------------------------------------------------------------------------

NEWS = """\
  news:
    title: {sv: Nyheter}
    use: [direct_marketing]
    basis: consent
    data: [contact]
    keep: {after: ended, for: P36M}
  offers:
    title: {sv: Erbjudanden}
    use: [direct_marketing]
    basis: legitimate_interests
    data: [contact]
    keep: {after: ended, for: P36M}
"""


def with_marketing(project: Place) -> None:
    project.replace("policy/group.yaml", "  bookkeeping:\n", NEWS + "  bookkeeping:\n")
    project.replace("datamap/shop.yaml", "customer\n    born: created\n    purposes: {delivery: all}",
                    "customer\n    born: created\n    purposes: {delivery: all, news: all, offers: all}\n"
                    "    marks: {news: {consented: yes_at, withdrawn: no_at}}")  # fmt: skip
    project.sql("shop", "ALTER TABLE customer ADD yes_at DATE")
    project.sql("shop", "ALTER TABLE customer ADD no_at DATE")


def fates(project: Place) -> dict[str, str]:
    """What is told in the column `until` of Cia's claims, by purpose; by their clocks they end on 2028-06-01."""
    told = project.run("explain", "shop/customer/3").stdout.splitlines()
    head = next(line for line in told if line.startswith("purpose"))
    start, end = head.index("until"), head.index(" on ", head.index("until"))
    found: dict[str, str] = {}
    purpose = ""
    for line in told[told.index(head) + 2 :]:
        purpose = line.split(" ")[0] or purpose
        found[purpose] = f"{found.get(purpose, '')} {line[start:end].strip()}".strip()
    return {name: found[name] for name in ("news", "offers")}


def test_a_claim_that_is_dead_for_another_reason_than_its_clock_says_the_reason_and_no_day_to_come(
    project: Place,
) -> None:
    with_marketing(project)
    assert fates(project) == {"news": "no consent", "offers": "2028-06-01"}
    project.sql("shop", "UPDATE customer SET yes_at = '2025-01-01', no_at = '2025-02-01' WHERE id = 3")
    assert fates(project)["news"] == "withdrawn on 2025-02-01"
    project.sql("shop", "UPDATE customer SET no_at = 'long ago', yes_at = NULL WHERE id = 3")
    assert fates(project)["news"] == "withdrawn on a day that cannot be read"
    cia = ("--subject", "email=cia@x.example")
    project.run("mark", "withdrawn", *cia, "--day", "2026-05-01")
    assert fates(project)["news"] == "withdrawn by mark 1, 2026-05-01"
    project.run("mark", "objected", *cia, "--purpose", "offers", "--day", "2026-01-02", "--ground", "case 7")
    assert fates(project)["offers"] == "objected to by mark 2, 2026-01-02, case 7"
    project.run("mark", "ended", *cia, "--day", "2026-05-03", "--every-purpose", "--ground", "Art. 17(1)(b)")
    assert fates(project)["offers"] == "ended by mark 3, 2026-05-03, Art. 17(1)(b)"
    rows = project.json("explain", "shop/customer/3")["row"]["claims"]
    assert {"ended by mark 3, 2026-05-03, Art. 17(1)(b)"} <= {claim["reason"] for claim in rows}
    assert "2028-06-01" not in project.run("explain", *cia).stdout


# --- what stays though nothing holds it --------------------------------------------------------------------------


def with_orders_read_by_address(project: Place, engine: sa.Engine) -> None:
    """Orders have an address by which their clock is found, and a document; only delivery holds these cells."""
    project.replace("datamap/shop.yaml", "orders:\n    links: {customer: {by: customer_id, if_none: not_yet}}",
                    "orders:\n    via: customer\n    links:\n"
                    "      customer: {by: customer_id, if_none: not_yet, gone: shell}\n"
                    "      person: {to: customer, match: email, in: email, carries: clocks, if_none: not_yet}",
                    )  # fmt: skip
    project.replace("datamap/shop.yaml", "moments: {booked: placed}",
                    "moments: {booked: placed, ended: {through: person}}")  # fmt: skip
    project.replace("datamap/shop.yaml", "deliver_to: contact.name}",
                    "deliver_to: contact.name, email: contact.email, "
                    "extra: {json: {door: contact.name, code: contact.name}}}")  # fmt: skip
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE orders ADD email TEXT")
        connection.exec_driver_sql("ALTER TABLE orders ADD extra TEXT")
        connection.exec_driver_sql("UPDATE orders SET email = 'ada@x.example', extra = '[1]' WHERE id = 11")


def test_a_cell_that_stays_because_a_rule_reads_it_or_nobody_can_read_it_says_so(
    shop: tuple[Place, sa.Engine],
) -> None:
    project, _ = shop
    with_orders_read_by_address(*shop)
    told = project.run("explain", "shop/orders/11").stdout
    assert "email stays as long as its row, though nothing holds it: link orders.person reads it." in told
    assert "extra.door stays as long as its row, though nothing holds it: its document cannot be read." in told
    assert "extra.door (cannot be read)" in told
    told = " ".join(project.run("explain", "--subject", "email=ada@x.example").stdout.split())
    assert "email (stays with its row) link orders.person reads it" in told
    assert "extra.door, (stays with its row) its document" in told
    found = cells(project.json("explain", "shop/orders/11")["row"])
    assert found["email"]["stays_with_row"] == "link orders.person reads it"
    assert found["goods"]["stays_with_row"] is None
    assert (found["extra.door"]["readable"], found["extra.door"]["value"]) == (False, "(cannot be read)")


def test_a_shell_that_still_holds_what_a_rule_reads_is_not_called_empty(shop: tuple[Place, sa.Engine]) -> None:
    project, _ = shop
    with_orders_read_by_address(*shop)
    project.apply(project.plan())
    told = " ".join(project.run("plan").stdout.split())
    assert "shop.customer: 1 shell stays, kept by orders, and still holds email until the row goes." in told
    assert "empty" not in told
    found = project.json("plan")["sources"]["shop"]["tables"]["customer"]["empty_shells"]
    assert found == {"empty": 0, "kept_by": ["orders"], "holding": 1, "held": ["email"]}


# --- a row that is not there -------------------------------------------------------------------------------------


def test_of_a_row_of_which_nothing_is_kept_it_is_said_that_it_may_have_gone_and_with_which_plans(
    project: Place,
) -> None:
    never = project.run("explain", "desk/ticket/99")
    assert (never.exit_code, "C063" in never.stderr) == (1, True)
    assert "desk.ticket has no row with this key: there never was one, or it is gone" in never.stderr
    assert "no receipt of a plan names this table" in never.stderr
    assert "commas" not in never.stderr
    path = project.plan()
    plan = json.loads(path.read_text())["id"]
    project.apply(path)
    project.plan()
    told = project.run("explain", "desk/ticket/1").stderr
    assert "desk.ticket has no row with this key: there never was one, or it is gone" in told
    assert f"plans that deleted or blanked rows of it: {plan}, carried out on 2026-06-01" in told
    assert "which rows is forgotten when the next plan is made" in told


def test_a_key_of_another_width_than_the_maps_is_told_of_its_commas(project: Place) -> None:
    project.sql("shop", "CREATE TABLE pair (a INTEGER, b INTEGER, said TEXT, PRIMARY KEY (a, b))")
    project.replace("datamap/shop.yaml", "  orders:\n", "  pair:\n    key: [a, b]\n    personal: none\n  orders:\n")
    assert "its key is a, b, with commas between" in project.run("explain", "shop/pair/1").stderr
    assert "its key is a, b, with commas" not in project.run("explain", "shop/pair/1,2").stderr


# --- why something is in doubt -----------------------------------------------------------------------------------


def test_a_key_that_the_map_does_not_list_is_said_to_be_that_and_its_value_is_masked(project: Place) -> None:
    project.replace("datamap/shop.yaml", "  orders:\n", "  setting:\n    key: [who, k]\n    born: unknown\n"
                    "    links: {customer: {by: who, if_none: not_yet}}\n    purposes: {delivery: all}\n"
                    "    key_values: {key: k, value: v, keys: {sms: contact.name}}\n  orders:\n")  # fmt: skip
    project.sql("shop", "CREATE TABLE setting (who INTEGER REFERENCES customer, k TEXT, v TEXT, PRIMARY KEY (who, k))")
    project.sql("shop", "INSERT INTO setting VALUES (1, 'fax', 'Ada Fax'), (1, 'sms', 'Ada Sms')")
    told = project.run("explain", "shop/setting/1,fax").stdout
    assert "stays, in doubt: its k is not listed in `keys`" in told
    assert "Cells: v A•••." in told
    assert "Ada" not in told
    assert "v Ada Fax" in project.run("explain", "shop/setting/1,fax", "--show").stdout
    person = " ".join(project.run("explain", "--subject", "email=ada@x.example").stdout.split())
    assert "v in doubt, so it stays its k is not listed in `keys`" in person
    doubt = project.json("plan")["sources"]["shop"]["tables"]["setting"]["doubt"]
    assert doubt == [{"why": "its k is not listed in `keys`", "rows": 1}]


def test_a_row_that_is_kept_by_grace_says_so_and_until_when(project: Place) -> None:
    project.replace("datamap/shop.yaml", "if_none: not_yet}", "if_none: none}")
    project.sql("shop", "INSERT INTO orders VALUES (20, NULL, '2026-05-31', 'x', 'Y'), (21, NULL, NULL, 'x', 'Y')")
    told = " ".join(project.run("explain", "shop/orders/20").stdout.split())
    lacks = "customer is missing, and believed to be only from 2026-06-03, after a grace of 2 days"
    assert f"kept by its grace: {lacks}" in told
    row = project.json("explain", "shop/orders/20")["row"]
    assert (row["outcome"], row["kept_by_grace"]) == ("keep", lacks)
    undated = project.json("explain", "shop/orders/21")["row"]["kept_by_grace"]
    assert undated == "customer is missing, and never believed to be, for when the row was made is not known"
    project.now += timedelta(days=2)
    assert project.json("explain", "shop/orders/20")["row"]["kept_by_grace"] is None
    project.replace("datamap/shop.yaml", "{ended: ended_at}",
                    "{ended: {last_of: orders.customer, column: placed, if_none: none}}\n"
                    "    not_personal: [ended_at]")  # fmt: skip
    project.sql("shop", "INSERT INTO customer VALUES (9, 'Gun', 'gun@x.example', '2026-06-02', NULL)")
    kept = project.json("explain", "shop/customer/9")["row"]["kept_by_grace"]
    assert kept == "ended is missing, and believed to be only from 2026-06-05, after a grace of 2 days"
    (doubt,) = project.json("plan")["sources"]["shop"]["tables"]["customer"]["doubt"]
    assert doubt["why"].endswith(", or the row is younger than its grace of 2 days")


def test_a_claim_lasts_no_longer_than_the_state_that_it_needs(bare: Place) -> None:
    bare.replace("policy/group.yaml", "moments:\n", "states:\n  customer: {until: ended}\nmoments:\n")
    bare.replace("policy/group.yaml", "    basis: contract\n", "    basis: {contract: {while: customer}}\n")
    bare.sql("shop", "UPDATE customer SET ended_at = '2026-06-20' WHERE id = 3")
    customer = rows(bare.json("explain", "--subject", "email=cia@x.example"))["shop/customer/3"]
    (claim,) = cells(customer)["name"]["claims"]
    assert (claim["live"], claim["last_day"]) == (True, "2026-06-20"), "a year longer, by the clock alone"
    assert "2027" not in bare.run("explain", "shop/customer/3").stdout


def test_what_the_consent_column_of_a_deleted_row_said_is_explained_as_it_is_judged(project: Place) -> None:
    """The form that said no is gone, and its no is kept: nothing of hers lives by the older yes in her own row."""
    with_marketing(project)
    project.sql("shop", "UPDATE customer SET yes_at = '2025-01-01' WHERE id = 3")
    project.sql("shop", "CREATE TABLE form (id INTEGER PRIMARY KEY, who INTEGER, sent DATE, yes DATE, no DATE)")
    project.sql("shop", "INSERT INTO form VALUES (1, 3, '2019-01-01', NULL, '2025-03-01')")
    project.replace("datamap/shop.yaml", "  orders:\n",
                    "  form:\n    links: {who: {by: who, to: customer, if_none: not_yet}}\n    born: sent\n"
                    "    purposes: {delivery: all}\n    moments: {ended: sent}\n"
                    "    marks: {news: {consented: yes, withdrawn: no}}\n"
                    "  orders:\n")  # fmt: skip
    assert fates(project)["news"] == "withdrawn on 2025-03-01"
    project.apply(project.plan())
    assert project.sql("shop", "SELECT id FROM form") == []
    assert fates(project)["news"] == "withdrawn by mark 1, 2025-03-01, opted out in shop.form"
