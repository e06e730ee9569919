"""What a map leaves unsaid comes from the parent, one hop at a time, and nothing else is guessed."""

from __future__ import annotations

from ombud.datamap.load import load_text
from ombud.datamap.model import (
    Binding,
    ByIdentifier,
    CompanyColumn,
    CompanyThrough,
    FromColumn,
    Gone,
    IsCompany,
    IsSubject,
    OwnersOf,
    Through,
)
from ombud.datamap.model import Test as Says
from ombud.terms import IfNone
from tests.datamap.maps import HEAD, only_kind, read, table, written
from tests.datamap.policies import POLICY

ORDERS = """
  orders:
    links: {customer: customer_id}
    born: ordered
    columns: {note: text, label: contact.name}
"""
LINES = """
  order_line:
    links: {orders: order_id}
    born: unknown
    columns: {text: purchases}
"""


def test_an_order_with_one_link_is_its_customers() -> None:
    assert table(ORDERS, "orders").owners == (OwnersOf("customer"),)


def test_a_line_of_an_order_is_two_hops_from_its_customer_and_each_hop_is_one() -> None:
    found = read(ORDERS + LINES)
    assert found.tables["order_line"].owners == (OwnersOf("orders"),)
    assert only_kind(found.tables["order_line"]).moments["ended"] == Through("orders", "ended")
    assert only_kind(found.tables["orders"]).moments["ended"] == Through("customer", "ended")


def test_an_order_is_held_by_its_customers_purposes() -> None:
    assert Binding("delivery", None) in only_kind(table(ORDERS, "orders")).bindings


def test_a_purpose_that_named_cells_of_the_parent_reaches_cells_of_the_same_category_only() -> None:
    assert Binding("bookkeeping", frozenset({"label"})) in only_kind(table(ORDERS, "orders")).bindings


def test_a_moment_of_its_own_is_not_inherited() -> None:
    own = ORDERS + "    moments: {ended: cancelled}\n"
    assert isinstance(only_kind(table(own, "orders")).moments["ended"], FromColumn)


def test_a_moment_that_no_purpose_needs_is_not_inherited() -> None:
    assert set(only_kind(table(ORDERS, "orders")).moments) == {"ended", "booked"}


def test_two_links_to_persons_need_a_word_and_via_is_enough() -> None:
    links = "links: {customer: customer_id, seller: {to: customer, by: seller_id}}"
    both = ORDERS.replace("links: {customer: customer_id}", links)
    assert written(both)[0] is None
    assert table(both + "    via: seller\n", "orders").owners == (OwnersOf("seller"),)


def test_a_ticket_of_an_order_and_of_a_guest_has_the_order_for_its_parent() -> None:
    guest = "guest: {to: customer, match: email, in: mail, carries: rights, if_none: none}"
    ticket = f"""
  ticket:
    owner: [orders, guest]
    links: {{orders: order_id, {guest}}}
    born: made
    columns: {{mail: contact.email}}
"""
    found = table(ORDERS + ticket, "ticket")
    assert found.owners == (OwnersOf("orders"), ByIdentifier("email", "mail", IfNone.NONE))
    assert only_kind(found).moments["ended"] == Through("orders", "ended")


def test_a_table_that_says_its_owner_keeps_its_other_links() -> None:
    links = "owner: customer\n    links: {customer: customer_id, seller: {to: customer, by: seller_id}}"
    found = table(ORDERS.replace("links: {customer: customer_id}", links), "orders")
    assert found.owners == (OwnersOf("customer"),)
    assert set(found.links) == {"customer", "seller"}


def test_a_subjects_table_is_about_that_subject_without_saying_so() -> None:
    assert read().tables["customer"].owners == (IsSubject("customer"),)


def test_one_company_for_the_file_is_every_rows() -> None:
    assert table(ORDERS, "orders").company == IsCompany("north")


def test_where_a_column_says_the_company_children_have_their_parents() -> None:
    found = read(ORDERS, company="{column: firm, values: {N: north, 2: south}}")
    assert found.tables["customer"].company == CompanyColumn("firm", {"N": "north", 2: "south"})
    assert found.tables["orders"].company == CompanyThrough("customer")


def test_a_table_may_read_its_own_company_column_by_the_files_values() -> None:
    own = ORDERS + "    company: {column: shop}\n"
    found = table(own, "orders", company="{column: firm, values: {N: north}}")
    assert found.company == CompanyColumn("shop", {"N": "north"})


def test_a_column_without_values_holds_the_policys_own_names() -> None:
    found = read(company="{column: firm}").tables["customer"].company
    assert found == CompanyColumn("firm", {"north": "north", "south": "south", "NO": "NO"})


def test_a_link_that_may_be_missing_is_cut_when_its_row_goes_and_another_keeps_a_shell() -> None:
    nullable = ORDERS.replace("customer_id", "{by: customer_id, if_none: none}")
    assert table(nullable, "orders").links["customer"].gone is Gone.UNLINK
    assert table(ORDERS, "orders").links["customer"].gone is Gone.SHELL


def test_a_link_that_is_part_of_the_key_keeps_a_shell_even_where_it_may_be_missing() -> None:
    keyed = ORDERS.replace("customer_id", "{by: customer_id, if_none: unknown}") + "    key: [customer_id, no]\n"
    assert table(keyed, "orders").links["customer"].gone is Gone.SHELL


def test_a_link_without_a_word_about_missing_says_that_it_is_never_null() -> None:
    link = table(ORDERS, "orders").links["customer"]
    assert (link.nullable, link.if_none) == (False, IfNone.UNKNOWN)


def test_a_link_of_several_tables_is_one_link_for_each_and_the_rest_is_doubt_where_it_says_so() -> None:
    note = """
  note:
    owner: about
    company: north
    links: {about: {by: object_id, type: kind, to: {o: orders, 7: customer}, rest: unknown}}
    born: written
    purposes: [delivery]
    moments: {ended: written}
    columns: {body: text}
"""
    found = table(ORDERS + note, "note")
    assert found.owners == (OwnersOf("about.orders"), OwnersOf("about.customer"))
    assert found.links["about.customer"].when == (Says("kind", (7,)),)
    assert only_kind(found).when == (Says("kind", ("o", 7)),)


def test_a_link_by_identifier_names_its_owner_and_carries_clocks_only_where_it_says_so() -> None:
    reader = """
  reader:
    links: {person: {to: customer, match: email, in: address, carries: CLOCKS, if_none: unknown}}
    born: added
    purposes: [delivery]
    columns: {address: contact.email}
"""
    found = table(reader.replace("CLOCKS", "clocks"), "reader")
    assert found.owners == (ByIdentifier("email", "address", IfNone.UNKNOWN),)
    assert only_kind(found).moments["ended"] == Through("person", "ended")
    datamap, findings = written(reader.replace("CLOCKS", "rights"))
    assert datamap is None
    assert [finding.code for finding in findings] == ["M050"]


def test_each_key_of_a_key_value_table_is_a_kind_with_its_value_for_a_cell() -> None:
    meta = """
  meta:
    links: {customer: customer_id}
    born: unknown
    key_values: {key: k, value: v, keys: {phone: contact.phone}, not_personal: [theme]}
"""
    phone, plain = table(meta, "meta").kinds
    assert (phone.when, phone.cells["phone"].column) == ((Says("k", ("phone",)),), "v")
    assert (plain.when, plain.cells, plain.bindings) == ((Says("k", ("theme",)),), {}, phone.bindings)


def test_a_prefix_is_written_once_and_stands_before_every_table() -> None:
    text = "prefix: app_\n" + HEAD.replace("{company}", "NO") + ORDERS
    datamap, findings = load_text({"crm.yaml": text}, POLICY)
    assert datamap is not None, findings
    tables = datamap.sources["crm"].tables
    assert set(tables) == {"app_customer", "app_orders"}
    assert tables["app_orders"].links["customer"].to == "app_customer"
