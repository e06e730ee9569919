"""Answers about invented people, small enough to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path

from ombud.documents.extract import Datum, Disclosed, Extract, Hold, Record, Span, Value, Why
from ombud.policy.load import load
from ombud.policy.model import Policy

DAY = date(2027, 1, 2)
POLICY_OF_THE_EXAMPLE = Path(__file__).parents[2] / "examples" / "cag" / "policy"

CUSTOMER = Hold("customer_delivery", "contract", None, Why.NOT_YET, (), "relationship_ended")
MARKETING = Hold("marketing", "legitimate_interests", None, Why.NOT_YET, (), "relationship_ended")
OFFERS = Hold("partner_offers", "consent", date(2027, 6, 30))
BOOKKEEPING = Hold(
    "bookkeeping", "legal_obligation", date(2033, 12, 31), "", ("bokföringslagen (1999:1078) 7 kap. 2 §",)
)
SECURITY = Hold("security", "contract", date(2027, 3, 28))


@cache
def policy() -> Policy:
    """The policy of the flagship example."""
    found, findings = load(POLICY_OF_THE_EXAMPLE)
    assert found is not None, findings
    return found


def cell(name: str, value: Value, category: str = "", *holds: Hold, provenance: str = "provided") -> Datum:
    """A cell that nothing is masked in."""
    return Datum(name, value, category, holds, provenance if category else "")


def extract(
    *records: Record,
    kind: str = "access",
    recipients: tuple[Disclosed, ...] = (),
    unread: tuple[str, ...] = (),
    perhaps: int = 0,
    attached: Mapping[str, bytes] | None = None,
) -> Extract:
    """An answer of these rows."""
    return Extract(DAY, kind, "R-2027-0017", records, recipients, unread, perhaps, ("crm", "support"), attached or {})


def astrid() -> Extract:
    """Astrid is a customer of two companies, bought twice, wrote once, and has a neighbour in her case."""
    both = (CUSTOMER, MARKETING)
    customer = Record(
        "crm",
        "customer",
        "17",
        "konsult",
        (
            cell("name", "Astrid Kviststrand", "contact.name", *both),
            cell("street", "Provgatan 1", "contact.address", *both),
            cell("city", "990 10 Bärnvik", "contact.address", *both),
            cell("email", "astrid@kviststrand.example", "contact.email", *both, OFFERS),
            cell("phone", "+46 70 174 06 05", "contact.phone", *both),
            cell("since", datetime(2022, 5, 4, 9, 30, 15, 250_000, timezone(timedelta(hours=2)))),
        ),
    )
    orders = [
        Record(
            "crm",
            "orders",
            str(number),
            "konsult",
            (
                cell("ordered_on", date(2026, number, 4)),
                cell("what", what, "purchases", CUSTOMER),
                cell("amount", Decimal(amount), "purchases", CUSTOMER),
            ),
        )
        for number, what, amount in (
            (3, "Konsulttimmar", "12500.00"),
            (5, "Utbildning i nätverk", "3990.50"),
            (8, "Konsulttimmar", "8750.00"),
            (9, "Serverdrift, september", "640.00"),
        )
    ]
    invoice = Record(
        "crm",
        "invoice",
        "501",
        "konsult",
        (
            cell("bill_name", "Astrid Kviststrand", "contact.name", BOOKKEEPING),
            cell("text", "Konsulttimmar", "purchases", BOOKKEEPING),
            cell("amount", Decimal("15625.00"), "purchases", BOOKKEEPING),
            cell("booked_at", date(2026, 3, 14)),
        ),
    )
    text = "Astrid ringde om routern. Grannen Bo Lindnäs, 070-174 06 07, har samma fel."
    start = text.index("Bo Lindnäs")
    case = Record(
        "support",
        "case",
        "9",
        "drift",
        (
            Datum(
                "text",
                text,
                "text",
                (Hold("support", "contract", date(2027, 11, 20)),),
                "provided",
                (Span(start, start + len("Bo Lindnäs, 070-174 06 07"), "another customer"),),
            ),
            cell("closed_at", datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        ),
    )
    logins = [
        Record(
            "security",
            "login",
            str(number),
            "drift",
            (
                cell("at", datetime(2026, 12, 28, 8, number, tzinfo=UTC)),
                cell("ip", f"192.0.2.{number}", "network.ip", SECURITY, provenance="observed"),
            ),
        )
        for number in range(1, 4)
    ]
    recipients = (
        Disclosed(
            "supplier",
            {"sv": "Leverantör", "en": "Supplier"},
            "customer_delivery",
            date(2026, 4, 2),
            "supplier_terms",
            ("eea", "united_kingdom"),
            name="Molnlagring Norr AB",
        ),
        Disclosed("supplier", {}, "bookkeeping", None, "supplier_terms", ("eea",), "may receive"),
    )
    return extract(customer, *orders, invoice, case, *logins, recipients=recipients, unread=("hr",), perhaps=1)


def many(rows: int) -> Extract:
    """A person with that many rows in one table."""
    return extract(
        *(
            Record(
                "crm",
                "orders",
                str(number),
                "konsult",
                (
                    cell("ordered_on", date(2000 + number // 1000, 1 + number % 12, 1 + number % 28)),
                    cell("what", f"Vara nummer {number}", "purchases", CUSTOMER),
                    cell("amount", Decimal(number) / 4, "purchases", CUSTOMER),
                ),
            )
            for number in range(rows)
        )
    )
