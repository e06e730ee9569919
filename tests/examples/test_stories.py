"""What the policy means for the example's named people, told by the oracle on the day the databases are built for."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from examples.cag import situations
from examples.cag.databases import SOURCES, build
from examples.cag.people import Person
from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import RowId, Values, World
from ombud.datamap.identity import digest
from ombud.datamap.load import load as load_maps
from ombud.datamap.model import DataMap
from ombud.datamap.settle import settle
from ombud.policy.load import load as load_policy
from ombud.policy.model import Policy
from ombud.terms import Outcome, Verdict

EXAMPLE = Path(__file__).parents[2] / "examples" / "cag"
TODAY = date(2026, 11, 23)
ALIVE = frozenset({Outcome.KEEP, Outcome.BLANK})


@dataclass(frozen=True)
class Swept:
    """The example before and after one day's sweep."""

    policy: Policy
    datamap: DataMap
    before: World
    after: World
    verdicts: Mapping[RowId, Verdict]

    def rows(self, source: str, table: str, **wanted: object) -> list[Values]:
        """The rows of before whose columns hold these values."""
        rows = self.before.tables[source][table]
        return [row for row in rows if all(row[column] == value for column, value in wanted.items())]

    def verdict(self, source: str, table: str, **wanted: object) -> Verdict:
        """The verdict on the one row with these values."""
        (row,) = self.rows(source, table, **wanted)
        return self.of(source, table, row)

    def of(self, source: str, table: str, row: Values) -> Verdict:
        return self.verdicts[source, table, (row["id"],)]

    def remains(self, source: str, table: str, key: object) -> Values:
        """The row as it stands after the sweep."""
        (row,) = [row for row in self.after.tables[source][table] if row["id"] == key]
        return row


def hashed(kind: str, value: object) -> str:
    return digest(b"a secret of the tests", kind, value)


def read(folder: Path, source: str, table: str) -> tuple[Values, ...]:
    with closing(sqlite3.connect(folder / f"{source}.db")) as connection:
        connection.row_factory = sqlite3.Row
        return tuple(dict(row) for row in connection.execute(f"SELECT * FROM {table}"))


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    folder = tmp_path_factory.mktemp("cag")
    build(folder, TODAY)
    policy, _ = load_policy(EXAMPLE / "policy")
    assert policy is not None
    datamap, findings = load_maps(EXAMPLE / "datamap", policy)
    assert datamap is not None, findings
    schemas, sources = {}, {}
    for source in SOURCES:
        with closing(connect(f"sqlite:///{folder / source}.db", read_only=True).connect()) as connection:
            schemas[source] = reflect(connection)
        sources[source], _ = settle(datamap.sources[source], schemas[source])
    settled = replace(datamap, sources=sources)
    tables = {s: {t: read(folder, s, t) for t in schemas[s].tables} for s in SOURCES}
    before = World(tables, schemas)
    after, verdicts = sweep(policy, settled, before, (), TODAY, hashed)
    return Swept(policy, settled, before, after, verdicts)


def customers(swept: Swept, person: Person) -> dict[tuple[str, Any], Outcome]:
    """The verdicts on a person's customer rows, by company and day of leaving."""
    rows = swept.rows("crm", "customer", name=person.name, email=person.email)
    return {(row["company"], row["ended_at"]): swept.of("crm", "customer", row).outcome for row in rows}


def test_astrid_whose_last_day_was_yesterday_goes(swept: Swept) -> None:
    assert set(customers(swept, situations.ASTRID).values()) == {Outcome.DELETE}
    assert swept.verdict("crm", "marketing_contact", email=situations.ASTRID.email).outcome is Outcome.DELETE


def test_astrids_invoice_stays_with_what_bookkeeping_needs_and_no_more(swept: Swept) -> None:
    (row,) = swept.rows("crm", "invoice", email=situations.ASTRID.email)
    verdict = swept.of("crm", "invoice", row)
    assert verdict == Verdict(Outcome.BLANK, frozenset({"email", "phone"}), frozenset({"customer", "order"}))
    left = swept.remains("crm", "invoice", row["id"])
    assert (left["name"], left["street"], left["text"]) == (row["name"], row["street"], row["text"])
    assert (left["email"], left["phone"], left["customer_id"], left["order_id"]) == (None, None, None, None)


def test_astrids_newsletter_goes_on_because_she_asked_for_it(swept: Swept) -> None:
    assert swept.verdict("newsletter", "subscriber", email=situations.ASTRID.email).outcome is Outcome.KEEP


def test_bo_whose_last_day_is_today_stays_until_tomorrow(swept: Swept) -> None:
    assert set(customers(swept, situations.BO).values()) <= ALIVE


def test_bos_rejected_application_goes_although_he_is_a_customer(swept: Swept) -> None:
    assert swept.verdict("recruitment", "application", email=situations.BO.email).outcome is Outcome.DELETE


def test_cecilia_leaves_one_company_and_stays_with_the_other(swept: Swept) -> None:
    by_company = {company: outcome for (company, _), outcome in customers(swept, situations.CECILIA).items()}
    assert by_company["BD"] is Outcome.DELETE
    assert by_company["BK"] in ALIVE


def test_david_who_came_back_keeps_only_the_new_relationship(swept: Swept) -> None:
    by_end = {ended: outcome for (_, ended), outcome in customers(swept, situations.DAVID).items()}
    assert by_end.pop(None) in ALIVE
    assert list(by_end.values()) == [Outcome.DELETE]


def test_elsa_leaves_and_emil_who_shares_her_address_stays(swept: Swept) -> None:
    assert set(customers(swept, situations.ELSA).values()) == {Outcome.DELETE}
    assert set(customers(swept, situations.EMIL).values()) <= ALIVE


def test_namesakes_and_collation_twins_are_two_persons(swept: Swept) -> None:
    for leaver, stayer in (
        (situations.KARIN, situations.KARIN_TOO),
        (situations.ASA, situations.ASA_TWIN),
    ):
        assert set(customers(swept, leaver).values()) == {Outcome.DELETE}
        assert set(customers(swept, stayer).values()) <= ALIVE


def test_farids_protected_identity_changes_nothing_about_keeping(swept: Swept) -> None:
    assert set(customers(swept, situations.FARID).values()) <= ALIVE


def test_henriks_reopened_case_stays_with_all_its_messages(swept: Swept) -> None:
    (case,) = swept.rows("support", "support_case", email=situations.HENRIK.email)
    assert swept.of("support", "support_case", case).outcome is Outcome.KEEP
    messages = swept.rows("support", "message", case_id=case["id"])
    assert {swept.of("support", "message", row).outcome for row in messages} == {Outcome.KEEP}


def test_gretas_case_closed_a_year_ago_goes_however_her_address_was_written(swept: Swept) -> None:
    written = situations.GRETA.email.title().partition("@")[0] + "@EXAMPLE.ORG"
    (case,) = swept.rows("support", "support_case", email=written)
    assert swept.of("support", "support_case", case).outcome is Outcome.DELETE
    messages = swept.rows("support", "message", case_id=case["id"])
    assert {swept.of("support", "message", row).outcome for row in messages} == {Outcome.DELETE}


def test_ingrids_allergy_goes_the_day_after_an_event_without_an_end_at_the_caterer_too(swept: Swept) -> None:
    (guest,) = swept.rows("events", "registration", email=situations.INGRID.email)
    (allergy,) = swept.rows("events", "allergy", registration_id=guest["id"])
    (copy,) = swept.rows("events", "caterer_list", allergy_id=allergy["id"])
    assert swept.of("events", "registration", guest).outcome is Outcome.KEEP
    assert swept.of("events", "allergy", allergy).outcome is Outcome.DELETE
    assert swept.of("events", "caterer_list", copy).outcome is Outcome.DELETE


def test_an_allergy_outlives_its_registration_until_the_event_is_over(swept: Swept) -> None:
    guests = {row["id"] for row in swept.rows("events", "registration")}
    left = {row["id"] for row in swept.after.tables["events"]["registration"]}
    orphaned = [row for row in swept.rows("events", "allergy") if row["registration_id"] in guests - left]
    stay = [row for row in orphaned if swept.of("events", "allergy", row).outcome in ALIVE]
    assert stay
    for row in stay:
        assert swept.remains("events", "allergy", row["id"])["registration_id"] is None


def test_a_rejected_application_stays_its_year_with_or_without_consent_to_future_openings(swept: Swept) -> None:
    for person in (situations.JOHAN, situations.LENA):
        assert swept.verdict("recruitment", "application", email=person.email).outcome is Outcome.KEEP


def test_who_was_offered_or_hired_stays_because_nothing_is_stated(swept: Swept) -> None:
    rows = [row for row in swept.rows("recruitment", "application") if row["outcome"] in ("offered", "hired")]
    assert {swept.of("recruitment", "application", row).outcome for row in rows} == {Outcome.KEEP}


def test_mona_who_opted_out_yesterday_is_forgotten_by_the_newsletter(swept: Swept) -> None:
    (row,) = swept.rows("newsletter", "subscriber", email=situations.MONA.email)
    assert swept.of("newsletter", "subscriber", row).outcome is Outcome.DELETE
    opened = swept.rows("newsletter", "opening", subscriber_id=row["id"])
    assert all(swept.of("newsletter", "opening", each).outcome is Outcome.DELETE for each in opened)


def test_olles_quote_goes_a_year_after_he_asked_though_it_was_edited_last_week(swept: Swept) -> None:
    assert swept.verdict("crm", "quote", email=situations.OLLE.email).outcome is Outcome.DELETE
    assert swept.verdict("crm", "lead", email=situations.OLLE.email).outcome is Outcome.KEEP


def test_vouchers_without_a_customer_end_with_the_seventh_year_after_the_fiscal_year(swept: Swept) -> None:
    for company, last_dead, first_alive in (("BK", "2018-08-31", "2018-09-01"), ("BD", "2018-12-31", "2019-01-01")):
        stray = {row["booked"]: row for row in swept.rows("crm", "invoice", company=company, customer_id=None)}
        assert swept.of("crm", "invoice", stray[last_dead]).outcome is Outcome.DELETE
        assert swept.of("crm", "invoice", stray[first_alive]).outcome in ALIVE


def test_marketing_ends_at_six_months_in_the_company_that_is_stricter(swept: Swept) -> None:
    ended = {row["id"]: row["ended_at"] for row in swept.rows("crm", "customer", company="BD")}
    contacts = [row for row in swept.rows("crm", "marketing_contact", company="BD") if ended.get(row["customer_id"])]
    between = [row for row in contacts if "2025-11-30" < ended[row["customer_id"]] < "2026-05-20"]
    assert between
    assert {swept.of("crm", "marketing_contact", row).outcome for row in between} == {Outcome.DELETE}


def test_what_cannot_be_known_stays(swept: Swept) -> None:
    for row in swept.rows("crm", "customer", company="BN"):
        assert swept.of("crm", "customer", row).outcome is Outcome.KEEP
    (never,) = [row for row in swept.rows("crm", "customer") if str(row["ended_at"]).endswith("02-30")]
    assert swept.of("crm", "customer", never).outcome in ALIVE
    known = {row["id"] for row in swept.rows("crm", "customer")}
    stray = [row for row in swept.rows("crm", "marketing_contact") if row["customer_id"] not in known]
    assert [swept.of("crm", "marketing_contact", row).outcome for row in stray] == [Outcome.KEEP] * 2
    contacts = swept.rows("support", "contact")
    assert {swept.of("support", "contact", row).outcome for row in contacts} == {Outcome.KEEP}


def test_no_address_in_the_log_is_older_than_three_months(swept: Swept) -> None:
    assert min(row["at"] for row in swept.after.tables["security"]["security_log"]) >= 1787349600  # 22 August, local
    for row in swept.after.tables["security"]["download_error"]:
        assert (row["ip"] != "") == (row["at_ms"] >= 1787349600000)


def test_every_personal_table_but_one_has_something_to_delete_and_something_to_keep(swept: Swept) -> None:
    seen: dict[tuple[str, str], Counter[Outcome]] = {}
    for (source, table, _), verdict in swept.verdicts.items():
        if swept.datamap.sources[source].tables[table].personal:
            seen.setdefault((source, table), Counter())[verdict.outcome] += 1
    both = {name for name, outcomes in seen.items() if Outcome.DELETE in outcomes and ALIVE & set(outcomes)}
    assert set(seen) - both == {("support", "contact")}


def test_nothing_due_is_left_after_the_sweep(swept: Swept) -> None:
    again, verdicts = sweep(swept.policy, swept.datamap, swept.after, (), TODAY, hashed)
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.KEEP}
    assert again.tables == swept.after.tables


def test_tomorrow_has_its_own_share(swept: Swept) -> None:
    _, verdicts = sweep(swept.policy, swept.datamap, swept.after, (), TODAY + timedelta(days=1), hashed)
    gone = Counter(table for (_, table, _), verdict in verdicts.items() if verdict.outcome is Outcome.DELETE)
    assert {"customer", "quote", "lead", "support_case", "security_log", "social_message"} <= set(gone)
