"""Which rows of the example's six databases are one person's, told by SQL that knows nothing of the maps."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

MINE = {
    ("crm", "customer"): "fold(email) IN {emails}",
    ("crm", "former_email"): "customer_id IN {customer}",
    ("crm", "product_use"): "customer_id IN {customer}",
    ("crm", "quote"): "customer_id IN {customer} OR fold(email) IN {emails}",
    ("crm", "lead"): "customer_id IN {customer} OR fold(email) IN {emails}",
    ("crm", "orders"): "customer_id IN {customer}",
    ("crm", "order_line"): "order_id IN {orders}",
    ("crm", "invoice"): "customer_id IN {customer} OR fold(email) IN {emails}",
    ("crm", "marketing_contact"): "customer_id IN {customer}",
    ("crm", "survey_answer"): "customer_id IN {customer}",
    ("support", "support_case"): "fold(email) IN {emails}",
    ("support", "case_event"): "case_id IN {support_case}",
    ("support", "message"): "case_id IN {support_case}",
    ("support", "contact"): "fold(email) IN {emails}",
    ("events", "registration"): "fold(email) IN {emails}",
    ("events", "allergy"): "registration_id IN {registration}",
    ("events", "caterer_list"): "allergy_id IN {allergy}",
    ("recruitment", "application"): "fold(email) IN {emails}",
    ("recruitment", "handover"): "application_id IN {application}",
    ("newsletter", "subscriber"): "fold(email) IN {emails}",
    ("newsletter", "opening"): "subscriber_id IN {subscriber}",
    ("security", "account"): "fold(email) IN {emails}",
    ("security", "security_log"): "account_id IN {account}",
    ("security", "download_error"): "account_id IN {account}",
}
"""The condition of each table of people; a name in braces stands for the keys found before, or for the addresses."""


def of(directory: Path, *emails: str) -> dict[tuple[str, str], set[str]]:
    """The keys of the rows of whoever has these addresses, by source and table; of tables that have any."""
    known = {"emails": _listed(each.casefold() for each in emails)}
    found: dict[tuple[str, str], set[str]] = {}
    for (source, table), where in MINE.items():
        with closing(sqlite3.connect(directory / f"{source}.db")) as there:
            there.create_function("fold", 1, lambda text: text.casefold() if text else text)
            keys = {str(key) for (key,) in there.execute(f"SELECT id FROM {table} WHERE {where.format(**known)}")}
        known[table] = _listed(keys)
        if keys:
            found[source, table] = keys
    return found


def every(directory: Path) -> dict[tuple[str, str], dict[str, tuple[object, ...]]]:
    """Every row of these tables, by its key."""
    found: dict[tuple[str, str], dict[str, tuple[object, ...]]] = {}
    for source, table in MINE:
        with closing(sqlite3.connect(directory / f"{source}.db")) as there:
            rows = there.execute(f"SELECT id, * FROM {table}")
            found[source, table] = {str(key): tuple(rest) for key, *rest in rows}
    return found


def _listed(values: object) -> str:
    return "(" + ", ".join(f"'{each}'" for each in sorted(values)) + ")"  # type: ignore[call-overload]
