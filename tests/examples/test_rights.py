"""Every right that the policy promises, asked for by the example's named people, from receipt to the letter."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta

import pypdf
import pytest

from examples.cag import situations as people
from examples.cag.people import Person
from ombud.app.consenting import Giving, give
from ombud.app.extracting import extract
from ombud.app.loaded import Refused
from ombud.app.requests.desk import Asked
from ombud.app.requests.marks import measures_of
from ombud.app.requests.receiving import Incoming, receive
from ombud.app.sharing import Wish, share
from ombud.documents.extract import Why
from ombud.policy.model import OnErasure
from ombud.rights.grounds import OF_GROUND, Ground
from ombud.rights.model import Proof, RequestKind, Restriction, State, Verdict
from tests.examples import truth
from tests.examples.conftest import TODAY
from tests.office import Office, rows, words

TOMORROW = TODAY + timedelta(days=1)
FORMER = {people.GRETA: ("greta.myrslatt@example.org",)}
INTERESTS = {"service_information": "ends", "development": "ends", "identification": "stays"}


def email(person: Person) -> str:
    return f"email={person.email}"


def mine(office: Office, person: Person) -> dict[tuple[str, str], set[str]]:
    return truth.of(office.loaded.project.directory, person.email, *FORMER.get(person, ()))


def key(office: Office, person: Person, company: str) -> str:
    which = "SELECT id FROM customer WHERE name = ? AND email = ? AND company = ?"
    ((found,),) = office.sql("crm", which, person.name, person.email, company)
    return f"crm/customer/{found}"


# --- access (Art. 15) ------------------------------------------------------------------------------------------------


@pytest.mark.fact("R1")
@pytest.mark.parametrize(
    "person",
    [people.ASTRID, people.CECILIA, people.HENRIK, people.LENA, people.KARIN, people.KARIN_TOO, people.ASA_TWIN],
    ids=lambda each: each.email,
)
def test_what_is_found_is_every_row_of_the_person_in_six_databases_and_no_other(built: Office, person: Person) -> None:
    found = extract(built.loaded, [email(person)], "a request")
    told: dict[tuple[str, str], set[str]] = {}
    for each in found.records:
        told.setdefault((each.source, each.table), set()).add(each.key)
    assert told == mine(built, person)


@pytest.mark.fact("R1")
def test_greta_is_told_of_what_she_wrote_in_capitals_and_under_her_former_address(asked: Office) -> None:
    access = asked.ask(RequestKind.ACCESS, email(people.GRETA)).opened.id
    assert asked.deliver(access) is State.CLOSED
    said = asked.answer(access)
    assert rows(said) == mine(asked, people.GRETA)
    assert {"crm", "support", "recruitment", "newsletter"} <= {source for source, _ in rows(said)}
    assert said["rights"]
    assert "Integritetsskyddsmyndigheten" in asked.letter(access)


@pytest.mark.fact("R1")
def test_what_elsa_wrote_of_her_husband_is_left_out_and_what_came_to_their_address_is_not_told(office: Office) -> None:
    note = "Ring min man Emil Granvret på emil@granvret-arbete.example."
    elsa = key(office, people.ELSA, "BD").rpartition("/")[2]
    office.sql("crm", "UPDATE orders SET note = ? WHERE customer_id = ?", note, elsa)
    access = office.ask(RequestKind.ACCESS, f"personnummer={people.ELSA.pnr}")
    assert access.looked is not None
    assert access.opened.request.state is State.REVIEW
    assert access.looked.extract.perhaps > 0
    assert office.review(access.opened.id).opened.request.state is State.CARRIED_OUT
    office.deliver(access.opened.id)
    said = words(office.answer(access.opened.id)) + office.letter(access.opened.id)
    assert "Ring min man" in said
    assert "Emil" not in said
    assert "emil@" not in said
    assert office.sql("crm", "SELECT note FROM orders WHERE customer_id = ?", elsa) == [(note,)]


@pytest.mark.fact("R1")
def test_the_paper_that_lena_sent_in_lies_in_her_answer_and_nobody_elses_does(asked: Office) -> None:
    access = asked.ask(RequestKind.ACCESS, email(people.LENA)).opened.id
    asked.deliver(access)
    ((named,),) = asked.sql("recruitment", "SELECT cv_file FROM application WHERE email = ?", people.LENA.email)
    (attached,) = asked.answer(access)["attached"]
    assert attached["name"] == f"recruitment/applications/{named}"
    (packed,) = (asked.answers / access).glob("*.zip")
    with zipfile.ZipFile(packed) as files:
        (paper,) = [name for name in files.namelist() if name.startswith("files/")]
        assert paper == f"files/{attached['name']}"
        page = pypdf.PdfReader(io.BytesIO(files.read(paper))).pages[0].extract_text()
    assert people.LENA.name in page
    assert "cv_file" not in asked.letter(access)
    assert f"Meritförteckning {named} Bifogad fil: {attached['name']}" in asked.letter(access).replace("\u200b", "")


@pytest.mark.fact("R3")
def test_the_paper_goes_with_the_application(office: Office) -> None:
    ((named,),) = office.sql("recruitment", "SELECT cv_file FROM application WHERE email = ?", people.BO.email)
    folder = office.loaded.project.directory / "files/applications"
    papers = {path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf")}
    assert named in papers
    assert office.sweep("recruitment"), "his twelve months ended yesterday"
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf")}
    kept = {name for (name,) in office.sql("recruitment", "SELECT cv_file FROM application WHERE cv_file IS NOT NULL")}
    assert left == kept
    assert named not in left


# --- who has had it (Art. 15(1)(c), C-154/21) ------------------------------------------------------------------------


@pytest.mark.fact("R10")
def test_ingrid_is_told_by_name_which_caterer_was_told_of_her_allergy_and_when(asked: Office) -> None:
    access = asked.ask(RequestKind.ACCESS, email(people.INGRID)).opened.id
    asked.deliver(access)
    (caterer,) = [each for each in asked.answer(access)["recipients"] if each["recipient"] == "caterer"]
    ((name, sent),) = asked.sql(
        "events",
        "SELECT caterer.name, sent_at FROM caterer_list JOIN caterer ON caterer.id = caterer_id "
        "JOIN allergy ON allergy.id = allergy_id JOIN registration r ON r.id = registration_id WHERE r.email = ?",
        people.INGRID.email,
    )
    assert (caterer["how"], caterer["name"], caterer["day"]) == ("received", name, sent[:10])
    assert name in asked.letter(access)


# --- correction (Art. 16) --------------------------------------------------------------------------------------------


@pytest.mark.fact("R2")
@pytest.mark.fact("R4")
def test_a_correction_restricts_while_it_is_examined_then_says_what_stood_and_what_stands(office: Office) -> None:
    where, old = key(office, people.CECILIA, "BK"), people.CECILIA.street
    rectify = office.ask(RequestKind.RECTIFY, email(people.CECILIA), settings=[f"{where}.street=Provgatan 30"])
    assert rectify.opened.request.restriction is Restriction.STANDS
    assert office.acts() == ["restricted"]
    others = office.sql("crm", "SELECT * FROM customer WHERE id <> ?", where.rpartition("/")[2])
    id = rectify.opened.id
    assert office.approve(id).opened.request.state is State.CARRIED_OUT
    assert office.deliver(id) is State.DELIVERED
    assert f"Gata {old} Provgatan 30" in office.letter(id)
    office.on(TOMORROW)
    assert office.work(id).opened.request.state is State.CLOSED
    assert office.acts() == ["restricted", "lifted"]
    assert others == office.sql("crm", "SELECT * FROM customer WHERE id <> ?", where.rpartition("/")[2])


@pytest.mark.fact("R2")
def test_what_cannot_be_set_right_is_removed(office: Office) -> None:
    where = key(office, people.CECILIA, "BK")
    rectify = office.ask(RequestKind.RECTIFY, email(people.CECILIA), settings=[f"{where}.preferences"]).opened.id
    office.approve(rectify)
    kept = office.sql("crm", "SELECT preferences FROM customer WHERE id = ?", where.rpartition("/")[2])
    assert kept == [(None,)]


# --- erasure (Art. 17) -----------------------------------------------------------------------------------------------


@pytest.mark.fact("R3")
def test_an_erasure_ends_interests_and_consents_keeps_contract_and_statute_and_touches_nobody_else(
    office: Office,
) -> None:
    directory = office.loaded.project.directory
    hers, before = mine(office, people.CECILIA), truth.every(directory)
    erase = office.ask(RequestKind.ERASE, email(people.CECILIA)).opened.id
    done = office.approve(erase, **INTERESTS)
    assert done.opened.request.state is State.CARRIED_OUT, done.findings
    assert office.deliver(erase) is State.CLOSED
    after = truth.every(directory)
    for name, known in before.items():
        changed = {key for key, row in known.items() if after[name].get(key) != row}
        assert changed <= hers.get(name, set()), name
        assert after[name].keys() <= known.keys()
    left = extract(office.loaded, [email(people.CECILIA)], "afterwards")
    holds = [hold for each in left.records for datum in each.data for hold in datum.holds]
    held = {hold.purpose for hold in holds if hold.why != Why.OBJECTED}
    assert held <= {"customer_delivery", "identification", "bookkeeping", "support"}
    assert office.sql("crm", "SELECT company FROM customer WHERE email = ?", people.CECILIA.email) == [("BK",)]
    assert "1999:1078" in office.letter(erase)


@pytest.mark.fact("R3")
@pytest.mark.parametrize("ground", Ground)
def test_each_of_the_six_grounds_may_be_named_and_stands_by_its_article(asked: Office, ground: Ground) -> None:
    desk = asked.desk
    erase = receive(desk, Incoming(RequestKind.ERASE, Asked((email(people.OLLE),)), ground=ground.value), "KL")
    found = measures_of(desk, erase).decisions
    assert OF_GROUND[ground] in {each.article for each in found if each.ground is ground}
    assert "bookkeeping" in {each.purpose for each in found if each.outcome is OnErasure.STAYS}


@pytest.mark.fact("R2")
@pytest.mark.fact("R3")
def test_who_was_told_of_an_allergy_is_told_that_it_is_erased_and_the_case_is_not_closed_before(office: Office) -> None:
    event = "SELECT event_id FROM registration WHERE email = ?"
    office.sql("events", f"UPDATE event SET starts = '2026-12-20 18:00:00' WHERE id = ({event})", people.INGRID.email)
    erase = office.ask(RequestKind.ERASE, email(people.INGRID)).opened.id
    office.approve(erase, event_catering="ends")
    ((name,),) = office.sql("events", "SELECT name FROM caterer WHERE id = 1")
    assert office.deliver(erase) is State.DELIVERED
    underway = office.letter(erase)
    assert f"Vi håller på att underrätta {name} (Serveringsföretag). När det är klart får du ett brev till" in underway
    assert office.sql("events", "SELECT count(*) FROM caterer_list WHERE place_card = 'Ingrid Dalgärde'") == [(0,)]
    store = office.desk.store
    (notice,) = store.claim(9, office.desk.now(), 60)
    assert notice.recipient == "caterer"
    store.sent(notice, office.desk.now(), "post 4711")
    assert office.work(erase).opened.request.state is State.DELIVERED, "she was promised a letter"
    assert office.deliver(erase) is State.CLOSED
    assert f"{name} (Serveringsföretag) 23 november 2026" in office.letter(erase, "*-outcome.pdf")


@pytest.mark.fact("R2")
def test_an_answer_that_waited_says_what_came_of_recipients_since_and_no_letter_follows(office: Office) -> None:
    event = "SELECT event_id FROM registration WHERE email = ?"
    office.sql("events", f"UPDATE event SET starts = '2026-12-20 18:00:00' WHERE id = ({event})", people.INGRID.email)
    erase = office.ask(RequestKind.ERASE, email(people.INGRID)).opened.id
    office.approve(erase, event_catering="ends")
    store = office.desk.store
    (notice,) = store.claim(9, office.desk.now(), 60)
    store.give_up(notice.id, "dissolved in 2025", "KL")
    assert office.deliver(erase) is State.CLOSED
    assert "Det har visat sig omöjligt att underrätta" in office.letter(erase)
    assert "dissolved" not in office.letter(erase)
    assert "Vi håller på" not in office.letter(erase)


# --- restriction (Art. 18) -------------------------------------------------------------------------------------------


@pytest.mark.fact("R4")
def test_what_is_restricted_is_used_for_nothing_but_what_the_law_lets_and_stays_until_he_was_told(
    office: Office,
) -> None:
    restrict = office.ask(RequestKind.RESTRICT, email(people.BO), ground="legal_claims").opened.id
    (mark,) = office.loaded.marks()
    assert mark.allows == {"consent", "legal_claims", "others_rights", "public_interest"}
    office.approve(restrict)
    assert office.deliver(restrict) is State.CLOSED
    with pytest.raises(Refused, match="C168"):
        share(office.loaded, Wish("supplier", (email(people.BO),), "customer_delivery"), None)
    office.on(TOMORROW)
    assert office.sweep("crm")
    here = ("crm", "SELECT count(*) FROM customer WHERE email = ?", people.BO.email)
    assert office.sql(*here) == [(1,)]
    assert office.notice(restrict).opened.request.restriction is Restriction.NOTICED
    assert office.sql(*here) == [(1,)]
    office.on(TOMORROW + timedelta(days=1))
    assert office.work(restrict).opened.request.restriction is Restriction.LIFTED
    assert office.sweep("crm")
    assert office.sql(*here) == [(0,)]


# --- portability (Art. 20) -------------------------------------------------------------------------------------------


@pytest.mark.fact("R5")
def test_what_greta_takes_with_her_she_gave_herself_under_contract_or_consent_as_json_and_csv(asked: Office) -> None:
    port = asked.ask(RequestKind.PORT, email(people.GRETA)).opened.id
    asked.deliver(port)
    said = asked.answer(port)
    data = [(each, datum) for each in said["records"] for datum in each["data"]]
    assert data
    for _, datum in data:
        assert datum["provenance"] == "provided"
        assert {hold["basis"] for hold in datum["holds"]} & {"contract", "consent"}
    held = {(each["table"], datum["name"]) for each, datum in data}
    assert {("customer", "name"), ("customer", "preferences"), ("order_line", "product")} <= held
    assert not {table for table, _ in held} & {"product_use", "survey_answer", "marketing_contact", "opening"}
    (packed,) = (asked.answers / port).glob("*.zip")
    with zipfile.ZipFile(packed) as files:
        tables = {name: files.read(name).decode("utf-8-sig") for name in files.namelist() if name.endswith(".csv")}
    assert any(people.GRETA.street in text for text in tables.values())
    assert sum(len(list(csv.reader(io.StringIO(text)))) for text in tables.values()) > len(said["records"])


# --- objection and withdrawal (Art. 21, 7(3)) ------------------------------------------------------------------------


@pytest.mark.fact("R6")
def test_marketing_stops_at_once_and_for_ever_and_its_data_goes_when_nothing_else_holds_it(office: Office) -> None:
    customer = key(office, people.CECILIA, "BK").rpartition("/")[2]
    add = "INSERT INTO marketing_contact (company, customer_id, name, email, added_at) VALUES ('BK', ?, ?, ?, ?)"
    office.sql("crm", add, customer, people.CECILIA.name, people.CECILIA.email, "2026-01-10 10:00:00")
    wish = Wish("supplier", (email(people.CECILIA),), "marketing", "konsult")
    assert share(office.loaded, wish, None).disclosures
    objection = office.ask(RequestKind.OBJECT, email(people.CECILIA), purposes=("marketing",))
    assert objection.opened.request.state is State.CARRIED_OUT
    with pytest.raises(Refused, match="C168"):
        share(office.loaded, wish, None)
    assert office.deliver(objection.opened.id) is State.CLOSED
    left = ("crm", "SELECT count(*) FROM marketing_contact WHERE email = ?", people.CECILIA.email)
    assert office.sql(*left) == [(1,)], "it may be taken back for thirty days"
    office.on(TODAY + timedelta(days=31))
    assert office.sweep("crm")
    assert office.sql(*left) == [(0,)]
    assert office.sql("crm", "SELECT count(*) FROM customer WHERE email = ?", people.CECILIA.email) == [(1,)]


@pytest.mark.fact("R6")
def test_other_interests_are_restricted_until_somebody_decides_and_go_on_after_notice_where_overridden(
    office: Office,
) -> None:
    objection = office.ask(RequestKind.OBJECT, email(people.CECILIA), purposes=("development",))
    id, wish = objection.opened.id, Wish("supplier", (email(people.CECILIA),), "development", "konsult")
    assert (objection.opened.request.state, objection.opened.request.restriction) == (
        State.DECISION,
        Restriction.STANDS,
    )
    with pytest.raises(Refused, match="C168"):
        share(office.loaded, wish, None)
    office.approve(id, development="stays")
    assert office.deliver(id) is State.DELIVERED
    assert office.acts() == ["objected"]
    for said in ("Weighed by the office", "artikel 18.3"):
        assert said in office.letter(id)
    office.on(TOMORROW)
    assert office.work(id).opened.request.state is State.CLOSED
    assert office.acts() == ["objected", "overridden"]
    assert share(office.loaded, wish, None).disclosures


@pytest.mark.fact("R6")
def test_an_objection_that_is_upheld_erases_what_stood_on_it_alone_and_goes_on_for_what_comes_later(
    office: Office,
) -> None:
    device = (
        "SELECT device_model FROM product_use JOIN customer c ON c.id = customer_id WHERE c.email = ? AND company = ?"
    )
    objection = office.ask(RequestKind.OBJECT, email(people.CECILIA), purposes=("development",)).opened.id
    assert office.approve(objection, development="ends").opened.request.state is State.CARRIED_OUT
    assert office.sql("crm", device, people.CECILIA.email, "BK") == [(None,)]
    assert office.acts("development") == ["objected", "overridden", "ended", "objected"]
    office.deliver(objection)
    office.on(TOMORROW)
    assert office.work(objection).opened.request.state is State.CLOSED


@pytest.mark.fact("R9")
@pytest.mark.fact("O3")
@pytest.mark.fact("O4")
def test_a_partner_gets_an_address_after_consent_to_the_text_shown_and_never_after_it_is_taken_back(
    office: Office,
) -> None:
    offers, her = "partner_offers", (email(people.GRETA),)
    wish = Wish("partner", her, offers)
    with pytest.raises(Refused, match="C168"):
        share(office.loaded, wish, None)
    given = give(office.loaded, Giving(offers, her, "1"))
    assert "sha256:" in given.mark.text_version
    assert share(office.loaded, wish, office.desk.store).disclosures
    with pytest.raises(Refused, match="C165"):
        share(office.loaded, Wish("partner", her, offers, day=TODAY.replace(year=2025)), None)
    with pytest.raises(Refused, match="C166"):
        share(office.loaded, Wish("partner", her, "marketing"), None)
    access = office.ask(RequestKind.ACCESS, *her).opened.id
    office.deliver(access)
    had = [each for each in office.answer(access)["recipients"] if each["recipient"] == "partner"]
    assert [(each["how"], each["purpose"], each["day"]) for each in had] == [("received", offers, "2026-11-23")]
    withdrawal = office.ask(RequestKind.WITHDRAW, *her, proof=Proof.SESSION, purposes=(offers,))
    assert withdrawal.opened.request.state is State.CARRIED_OUT
    with pytest.raises(Refused, match="C168"):
        share(office.loaded, wish, None)


# --- complaint and damages (Art. 77, 82) -----------------------------------------------------------------------------


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
@pytest.mark.parametrize("kind", [RequestKind.COMPLAIN, RequestKind.CLAIM])
def test_what_a_dispute_is_about_is_held_and_gathered_and_the_authority_is_named(
    office: Office, kind: RequestKind
) -> None:
    dispute = office.ask(kind, email(people.BO), words="Ni skickade reklam efter att jag sagt nej.")
    id = dispute.opened.id
    assert office.acts() == ["held"]
    office.on(TOMORROW)
    assert office.sweep("crm")
    assert office.sql("crm", "SELECT count(*) FROM customer WHERE email = ?", people.BO.email) == [(1,)]
    if dispute.opened.request.state is State.REVIEW:
        office.review(id)
    office.approve(id)
    assert office.deliver(id) is State.DELIVERED, "what comes of it is not decided"
    office.conclude(
        id, Verdict.IN_PART, "Ett utskick gick efter att du sagt nej.\nDe andra gick före.", "Listan är rättad."
    )
    assert office.deliver(id) is State.CLOSED
    outcome = office.letter(id, "*-outcome.pdf")
    assert "till en del" in outcome
    assert "Skäl Ett utskick gick efter att du sagt nej. De andra gick före." in outcome
    assert "Vad vi gör Listan är rättad." in outcome
    assert "Integritetsskyddsmyndigheten (https://www.imy.se/)" in outcome
    assert ("artikel 82.4" in outcome) == (kind is RequestKind.CLAIM)
    assert office.acts() == ["held"], "they may go on"
    said = office.answer(id)
    assert ("crm", "customer") in rows(said)
    assert "Integritetsskyddsmyndigheten" in str(said)
