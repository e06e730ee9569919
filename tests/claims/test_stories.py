"""What a policy means, told by small stories: each is one rule of spec/claims.md, §2 to §6."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ombud.datamap.model import (
    Binding,
    Blank,
    ByIdentifier,
    ColumnMark,
    CompanyColumn,
    EachOwner,
    FromChildren,
    Gone,
    Latest,
    Link,
    Match,
    Otherwise,
    OwnersOf,
    Pick,
    Through,
)
from ombud.datamap.model import (
    Test as Holds,
)
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema
from ombud.terms import Act, IfNone, Outcome, Verdict
from tests.claims.shop import CUSTOMER, Shop, at, cell, customer, day_in, email, kind, table

DELETE = Verdict(Outcome.DELETE)
KEEP = Verdict(Outcome.KEEP)


def to_customer(gone: Gone = Gone.UNLINK, if_none: IfNone = IfNone.UNKNOWN, **more: Any) -> Link:
    return Link("customer", "customer", ("customer_id",), ("id",), if_none, gone, **more)


def orders(link: Link, purposes: str = "deliver books", **more: Any) -> Any:
    moments = {"ended": Through("customer", "ended"), "booked": day_in("booked")}
    cells = (cell("note"), cell("bill", "bill"))
    return table(
        "orders", kind(purposes, moments, *cells), links=[link], owners=(OwnersOf("customer"),), grace=30, **more
    )


def order(id: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": id, "customer_id": 1, "note": "gate code", "bill": "Storgatan", "booked": "2024-06-01"} | more


def person(id: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": "Eva", "email": f"p{id}@x.example", "ended": "2023-03-31"} | more


# --- the core ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "verdict"), [("2024-03-31", KEEP), ("2024-04-01", DELETE)])
def test_a_row_lives_through_its_last_day_and_no_longer(day: str, verdict: Verdict) -> None:
    assert Shop(CUSTOMER, customer=[person()]).judged(day) == {"customer 1": verdict}


def test_in_a_row_that_stays_for_the_books_the_rest_is_blanked() -> None:
    shop = Shop(CUSTOMER, orders(to_customer()), customer=[person()], orders=[order()])
    assert shop.judged("2024-05-01")["orders 1"] == Verdict(Outcome.BLANK, frozenset({"note"}), frozenset({"customer"}))
    assert shop.swept("2024-05-01").rows("orders")[1] == {
        **order(customer_id=None, note=None),
        "born": "2020-01-01",
    }


def test_what_a_rule_reads_stays_as_long_as_its_row() -> None:
    moments = {"booked": day_in("booked"), "ended": day_in("ended")}
    visit = kind("deliver", moments, cell("booked"), cell("seen"))
    visit = replace(visit, bindings=(*visit.bindings, Binding("books", frozenset())))
    row = {"id": 1, "booked": "2024-06-01", "ended": "2020-01-01", "seen": "yes"}
    assert Shop(table("visit", visit), visit=[row]).judged("2024-07-01")["visit 1"].blank == {"seen"}


def test_a_kind_that_none_fits_keeps_the_row_whole() -> None:
    split = replace(CUSTOMER, kinds=(replace(CUSTOMER.kinds[0], when=(Holds("type", ("A",)),)),))
    shop = Shop(split, customer=[person(1, type="A"), person(2, type="a")])
    assert shop.judged("2025-01-01") == {"customer 1": DELETE, "customer 2": KEEP}


def test_a_company_that_no_list_names_keeps_the_row_whole() -> None:
    coded = replace(CUSTOMER, company=CompanyColumn("code", {"A": "alfa", "X": "sold"}))
    shop = Shop(coded, customer=[person(1, code="A"), person(2, code="X"), person(3, code=None)])
    assert shop.judged("2025-01-01") == {"customer 1": DELETE, "customer 2": KEEP, "customer 3": KEEP}


def test_a_cell_that_nobody_reaches_stays_and_keeps_its_row() -> None:
    shop = Shop(
        replace(CUSTOMER, kinds=(kind("deliver", {"ended": day_in("ended")}, cell("name", "secret")),)),
        customer=[person(1), person(2, name="")],
    )
    assert shop.judged("2025-01-01") == {"customer 1": KEEP, "customer 2": DELETE}


# --- moments ----------------------------------------------------------------------------------------------------


def cases_of(pick: Pick, **more: Any) -> Any:
    moments = {"ended": FromChildren(pick, "case", "customer", "closed", **more)}
    return replace(CUSTOMER, kinds=(kind("deliver", moments, cell("name")),), grace=30)


CASE = table(
    "case", kind("books", {"closed": day_in("closed"), "booked": day_in("closed")}), links=[to_customer(Gone.UNLINK)]
)


def test_an_open_case_holds_the_clock_and_a_closed_one_does_not() -> None:
    shop = Shop(
        cases_of(Pick.LAST_OF),
        CASE,
        customer=[person(1), person(2)],
        case=[
            {"id": 1, "customer_id": 1, "closed": "2020-01-01"},
            {"id": 2, "customer_id": 1, "closed": None},
            {"id": 3, "customer_id": 2, "closed": "2020-01-01"},
        ],
    )
    judged = shop.judged("2024-01-01")
    assert (judged["customer 1"], judged["customer 2"]) == (KEEP, DELETE)


def test_a_parent_without_children_is_judged_by_what_the_file_says_once_it_is_old_enough() -> None:
    young = person(2, born="2024-01-01")
    shop = Shop(cases_of(Pick.LAST_OF, if_none=IfNone.NONE), CASE, customer=[person(1), young])
    assert shop.judged("2024-01-31") == {"customer 1": DELETE, "customer 2": KEEP}
    assert shop.judged("2024-02-01") == {"customer 1": DELETE, "customer 2": DELETE}


def test_a_case_that_is_deleted_goes_on_counting() -> None:
    shop = Shop(
        cases_of(Pick.LAST_OF, if_none=IfNone.NONE),
        CASE,
        customer=[person()],
        case=[{"id": 1, "customer_id": 1, "closed": "2023-06-01"}, {"id": 2, "customer_id": 1, "closed": "2021-01-01"}],
    )
    shop.swept("2023-07-01")
    assert list(shop.rows("case")) == [1]
    assert shop.judged("2024-06-01")["customer 1"] == KEEP
    assert shop.judged("2024-06-02")["customer 1"] == DELETE


def test_two_rows_that_are_both_the_latest_tell_nothing_even_when_one_has_gone() -> None:
    latest = {"ended": Latest("case", "customer", "n", (), "closed")}
    log = replace(CUSTOMER, kinds=(kind("deliver", latest, cell("name")),))
    rows = [{"id": n, "customer_id": 1, "closed": day, "n": 7} for n, day in ((1, "2020-01-01"), (2, "2022-12-01"))]
    shop = Shop(log, CASE, customer=[person()], case=rows)
    shop.swept("2023-06-01")
    assert list(shop.rows("case")) == [2]
    assert shop.judged("2030-01-01")["customer 1"] == KEEP


# --- memory -----------------------------------------------------------------------------------------------------


def test_an_order_whose_customer_has_gone_dies_on_the_day_it_would_have() -> None:
    beside = replace(
        orders(to_customer(), "deliver"),
        kinds=(kind("deliver", {"ended": Through("customer", "started")}, cell("note")),),
    )
    moments = {"ended": day_in("ended"), "started": day_in("started")}
    buyer = replace(CUSTOMER, kinds=(kind("deliver", moments, cell("name")),))
    shop = Shop(beside, buyer, customer=[person(started="2024-01-01")], orders=[order()])
    shop.swept("2024-04-01")
    assert shop.rows("customer") == {}
    assert shop.rows("orders")[1]["customer_id"] is None
    assert shop.judged("2025-01-01")["orders 1"] == KEEP
    assert shop.judged("2025-01-02")["orders 1"] == DELETE


def test_the_next_person_with_a_key_inherits_nothing() -> None:
    shop = Shop(CUSTOMER, orders(to_customer()), customer=[person()], orders=[order()])
    shop.mark(Act.HELD, "2024-01-01", customer(1))
    shop.world = replace(shop.world, tables={"crm": {**shop.world.tables["crm"], "customer": ()}})
    shop.insert("customer", person(born="2024-01-03"))
    assert shop.judged("2024-04-01")["customer 1"] == DELETE


def test_whose_birth_is_written_otherwise_is_still_held_by_their_key() -> None:
    shop = Shop(CUSTOMER, orders(to_customer()), customer=[person()], orders=[order()])
    shop.mark(Act.HELD, "2024-01-01", customer(1))
    shop.world = replace(shop.world, tables={"crm": {**shop.world.tables["crm"], "customer": ()}})
    shop.insert("customer", person(born="2021-01-01"))
    assert shop.judged("2024-04-01")["customer 1"] == KEEP
    shop.mark(Act.RELEASED, "2024-01-02", customer(1))
    assert shop.judged("2024-04-01")["customer 1"] == DELETE


def test_a_withdrawal_outlives_the_row_that_said_it() -> None:
    letter = table(
        "letter",
        kind("books", {"booked": day_in("booked")}),
        owners=(ByIdentifier("email", "to"),),
        marks=(ColumnMark("news", at("yes"), at("no")),),
    )
    reader = replace(CUSTOMER, kinds=(kind("news", {"ended": day_in("ended")}, cell("name")),))
    row = {"id": 1, "to": "P1@x.example", "yes": "2022-01-01", "no": "2023-01-01", "booked": "2021-01-01"}
    other = row | {"id": 2, "no": None, "yes": "2022-06-01", "booked": "2029-01-01"}
    shop = Shop(letter, reader, letter=[row, other], customer=[person(ended=None, name="")])
    shop.mark(Act.HELD, "2020-01-01", customer(1), purpose="news")
    shop.swept("2024-01-01")
    assert list(shop.rows("letter")) == [2]
    shop.mark(Act.RELEASED, "2024-01-02", customer(1), purpose="news")
    assert shop.judged("2024-01-02")["customer 1"] == DELETE


# --- owners and marks -------------------------------------------------------------------------------------------


def guests() -> Any:
    return table(
        "guest",
        kind("deliver", {"ended": day_in("ended")}, cell("name")),
        owners=(ByIdentifier("email", "email"),),
    )


def guest(**more: Any) -> dict[str, Any]:
    return {"id": 1, "name": "E", "email": "Åsa@x.example", "ended": None} | more


def test_a_guest_with_two_possible_owners_is_held_for_either_and_ended_for_neither() -> None:
    twins = [person(1, email="åsa@x.example", ended=None), person(2, email="ÅSA@x.example", ended=None)]
    shop = Shop(CUSTOMER, guests(), customer=twins, guest=[guest()])
    shop.mark(Act.ENDED, "2024-01-01", customer(1))
    assert shop.judged("2024-02-01")["guest 1"] == KEEP
    held = Shop(CUSTOMER, guests(), customer=twins, guest=[guest(ended="2020-01-01")])
    assert held.judged("2024-02-01")["guest 1"] == DELETE
    held.mark(Act.HELD, "2024-01-01", customer(2))
    assert held.judged("2024-02-01")["guest 1"] == KEEP


def test_it_stays_so_when_one_of_the_two_has_gone() -> None:
    twins = [person(1, email="åsa@x.example", ended=None), person(2, email="ÅSA@x.example")]
    shop = Shop(CUSTOMER, guests(), customer=twins, guest=[guest()]).swept("2024-05-01")
    assert list(shop.rows("customer")) == [1]
    shop.mark(Act.ENDED, "2024-06-01", customer(1))
    assert shop.judged("2024-06-01")["guest 1"] == KEEP


def test_addresses_that_only_a_collation_calls_equal_are_two_persons() -> None:
    shop = Shop(
        CUSTOMER,
        guests(),
        customer=[person(1, email="åsa@x.example", ended=None)],
        guest=[guest(), guest(id=2, email="asa@x.example")],
    )
    shop.mark(Act.ENDED, "2024-01-01", email("åsa@x.example"))
    judged = shop.judged("2024-02-01")
    assert (judged["guest 1"], judged["guest 2"], judged["customer 1"]) == (DELETE, KEEP, DELETE)


def test_a_departing_owner_loses_only_the_cells_about_them() -> None:
    bridge = table("member", kind("books", {}), links=[to_customer(), Link("club", "club", ("club_id",), ("id",))])
    bridge = replace(bridge, owners=(OwnersOf("customer"),))
    about = cell("chair", of=(ByIdentifier("email", "mail"),))
    club = table(
        "club",
        kind("deliver", {"ended": day_in("ended")}, cell("name"), about),
        owners=(EachOwner("member", "club"),),
    )
    shop = Shop(
        CUSTOMER,
        bridge,
        club,
        customer=[person(1, ended=None), person(2, ended=None)],
        member=[{"id": 1, "customer_id": 1, "club_id": 1}],
        club=[{"id": 1, "name": "Chess", "chair": "Bo", "mail": "p2@x.example", "ended": None}],
    )
    shop.mark(Act.ENDED, "2024-01-01", customer(2))
    assert shop.judged("2024-01-01")["club 1"] == Verdict(Outcome.BLANK, frozenset({"chair"}))


@pytest.mark.parametrize(
    ("otherwise", "blank"),
    [(Otherwise.OWNER, set()), (Otherwise.NOBODY, {"chair"}), (Otherwise.REVIEW, set())],
)
def test_a_cell_whose_own_owner_is_missing_is_whose_the_file_says(otherwise: Otherwise, blank: set[str]) -> None:
    of = (ByIdentifier("email", "mail", IfNone.NONE),)
    ends = {"ended": day_in("ended"), "booked": day_in("booked")}
    kinds = (kind("news books", ends, cell("bill", "bill"), cell("chair", of=of, otherwise=otherwise)),)
    shop = Shop(
        replace(CUSTOMER, kinds=kinds),
        customer=[person(bill="Storgatan", booked=None, chair="Bo", mail=None, ended=None)],
    )
    shop.mark(Act.CONSENTED, "2021-01-01", customer(1), purpose="news")
    assert shop.judged("2024-01-01")["customer 1"].blank == blank


def test_a_match_that_carries_clocks_times_the_guest_by_the_one_customer_of_that_address() -> None:
    timed = replace(
        guests(),
        kinds=(kind("deliver", {"ended": Through("match", "ended")}, cell("name")),),
        matches={"match": Match("match", "customer", "email", "email", IfNone.UNKNOWN, clocks=True)},
    )
    shop = Shop(
        CUSTOMER,
        timed,
        customer=[person(1)],
        guest=[guest(email="P1@X.example"), guest(id=2, email="p2@x.example")],
    )
    judged = shop.judged("2024-04-01")
    assert (judged["guest 1"], judged["guest 2"]) == (DELETE, KEEP)


def test_a_guest_is_timed_by_the_customer_of_that_address_even_after_the_customer_has_gone() -> None:
    timed = replace(
        guests(),
        kinds=(kind("deliver", {"ended": Through("match", "started")}, cell("name")),),
        matches={"match": Match("match", "customer", "email", "email", IfNone.UNKNOWN, clocks=True)},
    )
    moments = {"ended": day_in("ended"), "started": day_in("started")}
    buyer = replace(CUSTOMER, kinds=(kind("deliver", moments, cell("name")),))
    row = guest(email="p1@x.example")
    shop = Shop(buyer, timed, customer=[person(1, started="2024-01-01")], guest=[row]).swept("2024-04-01")
    assert shop.rows("customer") == {}
    assert shop.judged("2025-01-01")["guest 1"] == KEEP
    assert shop.judged("2025-01-02")["guest 1"] == DELETE


def test_a_customer_of_an_unknown_company_may_be_the_guest_and_so_nobody_certainly_is() -> None:
    coded = replace(CUSTOMER, company=CompanyColumn("code", {"A": "alfa", "B": "beta"}))
    owned = [person(1, code="A", email="åsa@x.example", ended=None)]
    for code, verdict in (("B", DELETE), ("?", KEEP), ("A", KEEP)):
        other = person(2, code=code, email="åsa@x.example", ended=None)
        shop = Shop(coded, guests(), customer=[*owned, other], guest=[guest()])
        shop.mark(Act.ENDED, "2024-01-01", customer(1))
        assert shop.judged("2024-01-01")["guest 1"] == verdict, code


# --- shells -----------------------------------------------------------------------------------------------------


def test_a_parent_that_a_row_cannot_let_go_stays_as_an_empty_shell() -> None:
    shop = Shop(CUSTOMER, orders(to_customer(Gone.SHELL)), customer=[person()], orders=[order()])
    assert shop.judged("2024-05-01")["customer 1"] == Verdict(Outcome.SHELL, frozenset({"name"}))
    assert shop.swept("2024-05-01").judged("2024-05-01")["customer 1"] == Verdict(Outcome.SHELL)
    assert shop.judged("2025-06-02") == {"customer 1": DELETE, "orders 1": DELETE}


def test_a_row_that_an_unmapped_table_refers_to_stays() -> None:
    columns = {"id": ColumnType("id", "integer", False), "of": ColumnType("of", "integer", True)}
    refers = Reference("audit", ("of",), "customer", ("id",))
    schema = Schema({"audit": TableSchema("audit", columns, ("id",))}, (refers,))
    audit: list[dict[str, Any]] = [{"id": 1, "of": 1}, {"id": 2, "of": None}]
    judged = Shop(CUSTOMER, schema=schema, customer=[person(1), person(2)], audit=audit).judged("2024-05-01")
    assert judged == {"customer 1": Verdict(Outcome.SHELL, frozenset({"name"})), "customer 2": DELETE}


def test_a_follower_lives_and_dies_with_what_it_follows() -> None:
    line = replace(
        table("line", kind("", {}, cell("gift")), links=[Link("order", "orders", ("order_id",), ("id",))]),
        owners=(OwnersOf("order"),),
        follows="order",
    )
    shop = Shop(
        CUSTOMER,
        orders(to_customer(), "deliver"),
        line,
        customer=[person()],
        orders=[order(bill=None)],
        line=[{"id": 1, "order_id": 1, "gift": "for Bo"}, {"id": 2, "order_id": 9, "gift": "for Bo"}],
    )
    assert shop.judged("2024-03-31")["line 1"] == KEEP
    judged = shop.judged("2024-04-01")
    assert (judged["line 1"], judged["orders 1"], judged["line 2"]) == (DELETE, DELETE, KEEP)


def test_a_blank_that_must_be_unique_ends_with_the_key_and_is_empty_from_then_on() -> None:
    unique = cell("name", blank=Blank("erased-", per_key=True), then={"erased": 1})
    shop = Shop(
        replace(CUSTOMER, kinds=(kind("deliver", {"ended": day_in("ended")}, unique),)),
        orders(to_customer(Gone.SHELL)),
        customer=[person()],
        orders=[order()],
    )
    row = shop.swept("2024-05-01").rows("customer")[1]
    assert (row["name"], row["erased"]) == ("erased-1", 1)
    assert shop.judged("2024-05-02")["customer 1"] == Verdict(Outcome.SHELL)


def test_a_follower_is_covered_where_its_parents_binding_covers_the_category_above() -> None:
    link = Link("customer", "customer", ("customer_id",), ("id",))
    cells = (cell("street", "contact.home.street"), cell("phone", "contact.phone"))
    home = replace(
        table("home", kind("", {}, *cells), links=[link]), owners=(OwnersOf("customer"),), follows="customer"
    )
    moments = {"ended": day_in("ended"), "booked": day_in("booked")}
    bound = kind("", moments, cell("name"), cell("address", "contact.home"))
    bound = replace(bound, bindings=(Binding("deliver", frozenset({"address"})), Binding("books", frozenset())))
    shop = Shop(
        replace(CUSTOMER, kinds=(bound,)),
        home,
        customer=[person(name=None, booked=None)],
        home=[{"id": 1, "customer_id": 1, "street": "Storgatan 1", "phone": "070"}],
    )
    # Nobody reaches the telephone number, so it stays; the street is reached, and its claim is dead.
    assert shop.judged("2025-01-01")["home 1"] == Verdict(Outcome.BLANK, frozenset({"street"}))


def test_an_address_that_two_had_when_one_went_is_nobodys_clock() -> None:
    """Whose order it was cannot be told any more only because one of the two is gone."""
    order = table(
        "orders",
        kind("deliver", {"ended": Through("buyer", "ended")}, cell("note")),
        matches={"buyer": Match("buyer", "customer", "email", "email", IfNone.NONE, clocks=True)},
    )
    shop = Shop(
        CUSTOMER,
        order,
        customer=[
            {"id": 1, "name": "Dan", "email": "home@x.example", "ended": "2020-06-01"},
            {"id": 2, "name": "Eva", "email": "home@x.example", "ended": "2024-01-01"},
        ],
        orders=[{"id": 1, "email": "home@x.example", "note": "lamp"}],
    )
    shop.swept("2024-02-01")
    assert set(shop.rows("customer")) == {2}
    assert shop.judged("2026-01-01")["customer 2"] == DELETE
    assert shop.judged("2026-01-01")["orders 1"] == KEEP
