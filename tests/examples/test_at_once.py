"""What happens at the same time, or comes between: each request comes to its right end all the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from examples.cag import situations as people
from ombud.app.applying import apply
from ombud.app.consenting import Giving, give
from ombud.app.loaded import Refused
from ombud.app.planning import plan
from ombud.app.sharing import Wish, share
from ombud.engine.plans import written
from ombud.rights.model import Part, RequestKind, Restriction, State
from ombud.terms import Level
from tests.examples import truth
from tests.examples.conftest import TODAY
from tests.office import Office

HER = f"email={people.CECILIA.email}"
INTERESTS = {"service_information": "ends", "development": "ends", "identification": "stays"}


def left(office: Office, source: str = "crm", table: str = "customer", email: str = people.CECILIA.email) -> int:
    ((found,),) = office.sql(source, f"SELECT count(*) FROM {table} WHERE email = ?", email)
    return int(found)


# --- two requests for one person -----------------------------------------------------------------------------------


def test_two_erasures_and_an_access_open_at_once_each_come_to_their_end(office: Office) -> None:
    ids = [office.ask(kind, HER).opened.id for kind in (RequestKind.ERASE, RequestKind.ACCESS, RequestKind.ERASE)]
    one, access, other = ids
    assert office.approve(one, **INTERESTS).opened.request.state is State.CARRIED_OUT
    marks = office.loaded.marks()
    again = office.approve(other, identification="stays")
    assert again.opened.request.state is State.CARRIED_OUT
    assert [office.deliver(id) for id in (other, one, access)] == [State.CLOSED] * 3
    assert {mark.request for mark in office.loaded.marks()[len(marks) :]} <= {other}
    assert left(office) == 1


def test_who_wants_it_restricted_and_then_erased_keeps_it_until_the_restriction_is_lifted(office: Office) -> None:
    restrict = office.ask(RequestKind.RESTRICT, HER, ground="legal_claims", purposes=("development",)).opened.id
    office.approve(restrict)
    office.deliver(restrict)
    erase = office.ask(RequestKind.ERASE, HER).opened.id
    office.approve(erase, **INTERESTS)
    assert office.deliver(erase) is State.CLOSED
    device = (
        "crm",
        "SELECT device_model FROM product_use JOIN customer c ON c.id = customer_id WHERE c.email = ? AND company = ?",
        people.CECILIA.email,
        "BK",
    )
    assert office.sql(*device)[0][0]
    assert "raderas när begränsningen upphör" in office.letter(erase)
    office.notice(restrict)
    office.on(TODAY + timedelta(days=1))
    office.work(restrict)
    assert office.sweep("crm")
    assert office.sql(*device) == [(None,)]


# --- a sweep at the same time --------------------------------------------------------------------------------------


def test_an_erasure_during_a_sweep_of_the_same_source_ends_as_if_one_had_waited_for_the_other(office: Office) -> None:
    directory = office.loaded.project.directory
    hers = truth.of(directory, people.CECILIA.email)
    erase = office.ask(RequestKind.ERASE, HER).opened.id
    made = plan(office.loaded, ("crm",), None, lambda _: None)
    path = directory / "plan.json"
    path.write_text(written(made.plan), encoding="utf-8")
    ended: list[object] = []
    meanwhile = threading.Thread(target=lambda: ended.append(office.approve(erase, **INTERESTS).opened.request.state))

    def progress(*_: object) -> None:
        if not meanwhile.ident:
            meanwhile.start()

    swept = apply(office.loaded, path, allow=True, progress=progress)
    meanwhile.join(120)
    # What the request ends while the sweep looks for what is left is told as due by then, and goes with the request.
    assert {each.code for each in swept.findings if each.level is Level.ERROR} <= {"C051"}
    assert ended == [State.CARRIED_OUT]
    assert office.deliver(erase) is State.CLOSED
    assert left(office) == 1
    assert hers["crm", "customer"] & truth.of(directory, people.CECILIA.email)["crm", "customer"]
    again = plan(office.loaded, ("crm",), None, lambda _: None)
    assert not any(count.touched for count in again.plan.sources["crm"].tables.values())


def test_consent_given_between_plan_and_apply_keeps_what_the_plan_had_frozen(office: Office) -> None:
    add = "INSERT INTO subscriber (email, came_by, added_at) VALUES (?, 'customer', '2020-01-01T10:00:00.000Z')"
    for person in (people.NILS, people.KARIN):
        office.sql("newsletter", add, person.email)
    made = plan(office.loaded, ("newsletter",), None, lambda _: None)
    path = office.loaded.project.directory / "plan.json"
    path.write_text(written(made.plan), encoding="utf-8")
    give(office.loaded, Giving("newsletter", (f"email={people.NILS.email}",), "1"))
    apply(office.loaded, path, allow=True, progress=lambda *_: None)
    assert left(office, "newsletter", "subscriber", people.NILS.email) == 1
    assert left(office, "newsletter", "subscriber", people.KARIN.email) == 0


# --- a source that is not there ------------------------------------------------------------------------------------


def test_a_source_that_is_down_for_a_day_keeps_the_erasure_open_and_is_done_the_next(office: Office) -> None:
    database = office.loaded.project.directory / "events.db"
    database.rename(database.with_suffix(".away"))
    erase = office.ask(RequestKind.ERASE, HER).opened.id
    down = office.approve(erase, "ends", identification="stays")
    assert down.opened.request.parts["events"] is Part.UNREAD
    assert down.opened.request.state is State.CARRYING_OUT
    with pytest.raises(Refused, match="C139"):
        office.deliver(erase)
    database.with_suffix(".away").rename(database)
    office.on(TODAY + timedelta(days=1))
    assert office.work(erase).opened.request.state is State.DECISION
    assert office.approve(erase).opened.request.state is State.CARRIED_OUT
    assert office.deliver(erase) is State.CLOSED
    assert "Utveckling av produkter och tjänster (Bärnvik Konsult AB)" in office.letter(erase), "also what went first"
    assert left(office, "events", "registration") == 0


def test_a_source_that_is_added_while_a_request_is_open_is_looked_at_and_swept_too(office: Office) -> None:
    whole = office.loaded
    few = {name: source for name, source in whole.datamap.sources.items() if name not in ("support", "events")}
    office.loaded = replace(whole, datamap=replace(whole.datamap, sources=few))
    access, erase = (office.ask(kind, HER).opened.id for kind in (RequestKind.ACCESS, RequestKind.ERASE))
    office.approve(erase, **INTERESTS)
    assert "events" not in office.read(erase).request.parts
    office.loaded = whole
    assert office.work(access).opened.request.parts["events"] is Part.DONE
    office.deliver(access)
    assert {"support", "events"} <= {each["source"] for each in office.answer(access)["records"]}
    assert office.work(erase).opened.request.state is State.DECISION
    office.approve(erase)
    assert office.deliver(erase) is State.CLOSED
    assert left(office, "events", "registration") == 0


# --- later ---------------------------------------------------------------------------------------------------------


@pytest.mark.fact("R6")
def test_an_objection_that_is_overridden_after_the_days_to_undo_has_cost_nothing(office: Office) -> None:
    objection = office.ask(RequestKind.OBJECT, HER, purposes=("development",)).opened.id
    device = (
        "crm",
        "SELECT device_model FROM product_use JOIN customer c ON c.id = customer_id WHERE c.email = ? AND company = ?",
        people.CECILIA.email,
        "BK",
    )
    before = office.sql(*device)
    assert before[0][0]
    office.on(TODAY + timedelta(days=45))
    assert office.sweep("crm")
    assert office.sql(*device) == before
    office.approve(objection, development="stays")
    office.deliver(objection)
    office.on(TODAY + timedelta(days=46))
    assert office.work(objection).opened.request.restriction is Restriction.LIFTED
    assert office.sweep("crm")
    assert office.sql(*device) == before
    assert share(office.loaded, Wish("supplier", (HER,), "development", "konsult"), None).disclosures


@pytest.mark.fact("R3")
@pytest.mark.fact("R6")
def test_who_returns_as_a_customer_is_one_anew_and_is_not_written_to_for_marketing(office: Office) -> None:
    erase = office.ask(RequestKind.ERASE, HER).opened.id
    office.approve(erase, **INTERESTS)
    office.deliver(erase)
    office.on(TODAY + timedelta(days=200))
    add = (
        "INSERT INTO customer (company, name, email, customer_since, created_at) "
        "VALUES ('BD', ?, ?, '2027-06-01', '2027-06-01 10:00:00')"
    )
    office.sql("crm", add, people.CECILIA.name, people.CECILIA.email)
    assert office.sweep("crm")
    assert left(office) == 2
    for purpose in ("service_information", "development", "customer_delivery"):
        assert share(office.loaded, Wish("supplier", (HER,), purpose, "drift"), None).disclosures, purpose
    with pytest.raises(Refused, match="C168"):
        share(office.loaded, Wish("supplier", (HER,), "marketing", "drift"), None)


# --- what cannot be told -------------------------------------------------------------------------------------------


@pytest.mark.fact("R3")
def test_an_erasure_is_never_said_to_be_done_over_a_row_of_which_nobody_knows_when_it_was_made(office: Office) -> None:
    add = "INSERT INTO subscriber (email, came_by, added_at) VALUES (?, 'customer', ?)"
    office.sql("newsletter", add, people.CECILIA.email, "in some old list")
    erase = office.ask(RequestKind.ERASE, HER).opened.id
    waits = office.approve(erase, **INTERESTS)
    assert waits.opened.request.state is State.CARRYING_OUT
    assert [each.code for each in waits.findings] == ["C145"]
    office.sql("newsletter", "DELETE FROM subscriber WHERE email = ?", people.CECILIA.email)
    assert office.work(erase).opened.request.state is State.CARRIED_OUT
    assert office.deliver(erase) is State.CLOSED
