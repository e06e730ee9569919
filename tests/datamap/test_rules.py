"""What rules read goes with the row: law 3 needs to know every such column, wherever the rule stands."""

from __future__ import annotations

from pathlib import Path

from ombud.datamap.load import load_text
from ombud.datamap.rules import rule_columns
from tests.datamap.maps import read
from tests.datamap.policies import POLICY

EVERYTHING = Path(__file__).parents[1] / "golden" / "good" / "map-everything" / "datamap"


def test_a_moment_a_birth_and_the_key_are_read_and_a_name_is_not() -> None:
    assert rule_columns(read())["customer"] == {"id", "created", "ended_at", "booked_at"}


def test_in_the_map_that_has_everything_these_columns_go_with_their_rows() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in EVERYTHING.glob("*.yaml")}
    datamap, _ = load_text(files, POLICY)
    assert datamap is not None
    found = rule_columns(datamap.sources["crm"])
    told = {name: " ".join(sorted(columns)) for name, columns in sorted(found.items())}
    assert told == {
        "app_booking": "booked_on customer_id event_id id",
        "app_customer": "cancelled_on company created_at email ended_on id no opted_in_on opted_out_on shop started_on",
        "app_event": "company ends id starts starts_at",
        "app_former_email": "customer_id email id",
        "app_invoice": "booked_on company customer_no id shop",
        "app_invoice_line": "id invoice_id",
        "app_kitchen": "id",
        "app_kitchen_list": "event_id id kitchen_id sent",
        "app_meta": "customer_id id key",
        "app_note": "at company content_type_id id object_id state written_on",
        "app_page": "code kind",
        "app_reader": "added_on company email id",
        "app_scan": "id invoice_id",
        "app_visit": "at bot customer_id id page_code",
        "django_content_type": "id model",
    }


def test_the_columns_of_every_link_are_rules_for_what_a_row_leans_on_is_judged_by_them() -> None:
    orders = """
  orders:
    owner: customer
    links: {customer: customer_id, seller: {to: customer, by: seller_id, if_none: unknown}}
    born: ordered
    columns: {note: text}
"""
    assert rule_columns(read(orders))["orders"] == {"id", "ordered", "customer_id", "seller_id"}


def test_an_identifier_that_names_the_owner_is_no_rule_its_blanking_leaves_a_memo() -> None:
    lead = """
  lead:
    owner: {identifier: email, in: email, if_none: none}
    born: made
    purposes: [delivery]
    moments: {ended: made}
    columns: {email: contact.email}
"""
    found = rule_columns(read(lead))
    assert "email" not in found["lead"]
    assert "email" not in found["customer"]


def test_an_identifier_that_a_clock_goes_through_is_read_on_both_sides() -> None:
    reader = """
  reader:
    links: {person: {to: customer, match: email, in: address, carries: clocks, if_none: unknown}}
    born: added
    purposes: [delivery]
    columns: {address: contact.email}
"""
    found = rule_columns(read(reader))
    assert "address" in found["reader"]
    assert "email" in found["customer"]
