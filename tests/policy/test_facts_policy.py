"""The facts of the source document that a policy can state, each as the flagship's loaded policy states it."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from ombud.policy.load import load
from ombud.policy.model import (
    UNSTATED,
    Add,
    AgreementKind,
    Basis,
    BasisKind,
    Clock,
    EndOf,
    Inclusive,
    Keep,
    OnErasure,
    Policy,
    Purpose,
    RequestWay,
    Safeguard,
    State,
    Use,
    While,
    covers,
)
from ombud.policy.years import last_day
from ombud.terms import Finding, Level, Period

DIRECTORY = Path(__file__).parents[2] / "examples" / "cag" / "policy"
COMPANIES = ("koncern", "konsult", "utbildning", "drift")
CONTRACT: tuple[Basis, ...] = (Basis(BasisKind.CONTRACT),)
INTERESTS: tuple[Basis, ...] = (Basis(BasisKind.LEGITIMATE_INTERESTS),)
CONSENT: tuple[Basis, ...] = (Basis(BasisKind.CONSENT),)
UNSTATED_BASIS: tuple[Basis, ...] = (Basis(BasisKind.UNSTATED),)


@cache
def flagship() -> Policy:
    policy, findings = load(DIRECTORY)
    assert policy is not None, "\n".join(map(str, findings))
    return policy


def of(name: str, company: str = "koncern") -> Purpose:
    return flagship().purposes[company][name]


def months(start: str, n: int) -> Keep:
    return Clock(start, (Add(Period(months=n)),))


def found(code: str) -> set[str]:
    """What the accepted findings of a code are about."""
    told: tuple[Finding, ...] = flagship().findings
    assert all(finding.level is Level.ACCEPTED for finding in told)
    return {finding.message.rpartition("[")[2].rstrip("]") for finding in told if finding.code == code}


# --- purposes ---------------------------------------------------------------------------------------------------


@pytest.mark.fact("P1")
@pytest.mark.parametrize("company", COMPANIES)
def test_a_customer_is_served_under_contract_until_twelve_months_after(company: str) -> None:
    one = of("customer_delivery", company)
    assert one.bases == CONTRACT
    assert one.data == {"contact", "purchases", "product_use", "preferences"}
    assert one.keep == months("relationship_ended", 12)
    assert one.on_erasure is OnErasure.STAYS


@pytest.mark.fact("P1")
def test_contact_is_name_postal_address_e_mail_and_phone() -> None:
    parts = {path for path in flagship().categories if path.startswith("contact.")}
    assert parts == {"contact.name", "contact.address", "contact.email", "contact.phone"}


@pytest.mark.fact("P2a")
def test_a_quote_is_followed_up_for_twelve_months_from_and_including_the_day_it_was_asked_for() -> None:
    one = of("quote")
    assert (one.bases, one.data) == (INTERESTS, frozenset({"contact"}))
    assert one.keep == Clock("quote_requested", (Add(Period(months=12)), Inclusive()))
    assert isinstance(one.keep, Clock)
    assert last_day(one.keep.steps, date(2026, 11, 24), ()) == date(2027, 11, 23)
    assert one.uses == {Use.DIRECT_MARKETING}
    assert one.on_erasure is OnErasure.ENDS


@pytest.mark.fact("P2b")
def test_details_left_on_the_web_or_at_an_event_are_used_for_three_months() -> None:
    one = of("enquiry")
    assert (one.bases, one.data, one.keep) == (INTERESTS, frozenset({"contact"}), months("details_submitted", 3))
    assert one.uses == {Use.DIRECT_MARKETING}


@pytest.mark.fact("P3")
def test_a_registered_case_is_kept_for_twelve_months_after_its_close_and_other_contacts_for_an_unstated_time() -> None:
    case, contact = of("support"), of("support_contact")
    for one in (case, contact):
        assert [basis.kind for basis in one.bases] == [BasisKind.CONTRACT, BasisKind.LEGAL_OBLIGATION]
        assert one.data == {"contact", "product_use.products"}
    assert case.keep == months("case_closed", 12)
    assert contact.keep == While(UNSTATED)
    assert "purposes.support_contact.keep" in found("L19")


@pytest.mark.fact("P4")
def test_addresses_and_devices_are_logged_for_three_months() -> None:
    one = of("security")
    assert (one.bases, one.data, one.keep) == (CONTRACT, frozenset({"network.ip", "device"}), months("logged", 3))
    assert found("L09") == {"purposes.security"}


@pytest.mark.fact("P5")
def test_service_information_has_no_postal_address() -> None:
    one = of("service_information")
    assert (one.bases, one.keep) == (INTERESTS, months("relationship_ended", 12))
    for path in ("contact.name", "contact.email", "contact.phone", "product_use.products", "survey_answers"):
        assert covers(one.data, path)
    assert not covers(one.data, "contact.address")


@pytest.mark.fact("P6")
def test_development_lets_only_aggregates_leave() -> None:
    one = of("development")
    assert one.data == {"contact.name", "contact.email", "contact.phone", "device.version", "device.model"}
    assert (one.bases, one.keep) == (INTERESTS, months("relationship_ended", 12))
    assert one.uses == {Use.AGGREGATES_ONLY}


@pytest.mark.fact("P7")
def test_direct_marketing_ends_at_an_objection_and_twelve_months_after_the_customer_left() -> None:
    one = of("marketing")
    assert (one.bases, one.data) == (INTERESTS, frozenset({"contact", "product_use.products"}))
    assert one.keep == months("relationship_ended", 12)
    assert one.uses == {Use.DIRECT_MARKETING}
    assert one.on_erasure is OnErasure.ENDS


@pytest.mark.fact("P8")
def test_visits_are_counted_without_any_personal_data() -> None:
    one = of("web_statistics")
    assert one.bases == (Basis(BasisKind.NONE),)
    assert one.data == frozenset()


@pytest.mark.fact("P9")
def test_the_cookie_policy_is_linked_with_its_version() -> None:
    organisation = flagship().organisation
    assert organisation is not None
    assert organisation.cookies == {"link": "https://www.barnvik.example/cookies", "version": "1.0"}


@pytest.mark.fact("P10")
@pytest.mark.parametrize("name", ["newsletter", "newsletter_statistics"])
def test_the_newsletter_goes_to_customers_and_to_those_who_consented_until_they_say_no(name: str) -> None:
    one = of(name)
    assert one.bases == (Basis(BasisKind.LEGITIMATE_INTERESTS, "customer"), Basis(BasisKind.CONSENT))
    assert one.keep == Clock("newsletter_opted_out")
    assert {path for path in one.data if path.startswith("contact")} == {"contact.email"}
    assert flagship().states["customer"] == State("customer", "relationship_started", "relationship_ended")


@pytest.mark.fact("P11")
def test_a_social_message_is_kept_for_twelve_months_and_handed_to_nobody() -> None:
    one = of("social_message")
    assert (one.bases, one.keep) == (UNSTATED_BASIS, months("message_received", 12))
    assert one.uses == {Use.SEALED}
    assert one.recipients == ()


@pytest.mark.fact("P12")
def test_after_a_recruitment_only_the_legal_purpose_reaches_an_application_for_twelve_months() -> None:
    during, after = of("recruitment"), of("recruitment_legal")
    assert (during.bases, during.keep) == (UNSTATED_BASIS, Clock("recruitment_closed"))
    assert (after.bases, after.keep) == (UNSTATED_BASIS, months("recruitment_closed", 12))
    assert during.data == after.data == {"contact", "application"}
    assert {"application.experience", "application.education"} <= set(flagship().categories)
    assert Use.SEALED in after.uses
    assert set(during.if_not_given) == {"sv", "en"}
    lasting = {name for name, one in flagship().purposes["koncern"].items() if covers(one.data, "application")}
    assert lasting == {"recruitment", "recruitment_legal", "recruitment_offered", "future_openings"}


@pytest.mark.fact("P12")
def test_for_those_who_got_an_offer_nothing_is_stated_so_it_is_kept_and_found() -> None:
    assert of("recruitment_offered").keep == While(UNSTATED)
    assert "purposes.recruitment_offered.keep" in found("L19")


@pytest.mark.fact("P12")
def test_applicants_are_handed_to_nobody_for_marketing() -> None:
    for name in ("recruitment", "recruitment_legal", "recruitment_offered", "future_openings"):
        assert not any(flagship().recipients[to].own_marketing for to in of(name).recipients)
        assert Use.DIRECT_MARKETING not in of(name).uses


@pytest.mark.fact("P13")
def test_future_openings_need_consent_and_a_withdrawal_leaves_the_legal_purpose() -> None:
    one = of("future_openings")
    assert (one.bases, one.data) == (CONSENT, frozenset({"contact", "application"}))
    assert one.keep == months("recruitment_closed", 12)
    assert one.on_erasure is OnErasure.ENDS
    assert of("recruitment_legal").bases != CONSENT


@pytest.mark.fact("P14")
def test_a_recruitment_consultant_acts_on_instructions_under_an_agreement_on_file() -> None:
    consultant = flagship().recipients["recruitment_consultant"]
    agreement = flagship().agreements[consultant.agreement or ""]
    assert (consultant.role, agreement.kind) == ("processor", AgreementKind.PROCESSING)
    assert not consultant.own_marketing
    assert [
        name for name, one in flagship().purposes["koncern"].items() if "recruitment_consultant" in one.recipients
    ] == ["recruitment"]


@pytest.mark.fact("P15")
def test_food_allergies_are_kept_until_the_event_is_over_at_the_caterer_too() -> None:
    one = of("event_catering")
    assert (one.bases, one.data, one.keep) == (UNSTATED_BASIS, frozenset({"health.allergy"}), Clock("event_over"))
    assert one.recipients == ("caterer",)
    assert flagship().categories["health.allergy"].special
    assert found("L12") == {"purposes.event_catering"}


@pytest.mark.fact("P16")
def test_the_identity_number_is_masked_though_not_a_special_category() -> None:
    number = flagship().categories["identity_number"]
    assert (number.masked, number.special) == (True, False)
    assert [name for name, one in flagship().purposes["koncern"].items() if covers(one.data, "identity_number")] == [
        "identification"
    ]
    assert of("identification").bases == UNSTATED_BASIS


@pytest.mark.fact("P17")
def test_what_is_observed_is_told_from_what_is_provided() -> None:
    categories = flagship().categories
    observed = {path for path, category in categories.items() if category.provenance == {"observed"}}
    assert {"network.ip", "device.platform", "device.operating_system", "device.screen"} <= observed
    assert {"product_use.products", "product_use.interaction"} <= observed
    assert categories["contact.email"].provenance == {"provided", "observed"}
    leaves = [p for p in categories if not any(other.startswith(f"{p}.") for other in categories)]
    assert all(categories[path].provenance for path in leaves)


@pytest.mark.fact("P18")
@pytest.mark.parametrize(
    ("company", "booked", "last"),
    [
        ("konsult", date(2026, 3, 1), date(2033, 12, 31)),
        ("konsult", date(2026, 8, 31), date(2033, 12, 31)),
        ("konsult", date(2026, 9, 1), date(2034, 12, 31)),
        ("drift", date(2026, 9, 1), date(2033, 12, 31)),
    ],
)
def test_bookkeeping_lasts_through_the_seventh_year_after_the_year_the_fiscal_year_ended(
    company: str, booked: date, last: date
) -> None:
    one = of("bookkeeping", company)
    assert one.bases == (Basis(BasisKind.LEGAL_OBLIGATION, None, ("bokföringslagen (1999:1078) 7 kap. 2 §",)),)
    assert one.keep == Clock("voucher_booked", (EndOf("fiscal_year"), Add(Period(years=7)), EndOf("year")))
    assert isinstance(one.keep, Clock)
    assert last_day(one.keep.steps, booked, flagship().companies[company].fiscal_years) == last
    assert one.at_least
    assert one.data == {"contact.name", "contact.address", "purchases"}


# --- rights -----------------------------------------------------------------------------------------------------


@pytest.mark.fact("R1")
def test_an_extract_is_asked_for_by_post_with_a_signature_and_sent_to_the_registered_address() -> None:
    organisation = flagship().organisation
    assert organisation is not None
    assert organisation.requests is not None
    assert organisation.requests.ways == (RequestWay.POST,)
    assert (organisation.requests.signature, organisation.requests.reply) == (True, "registered_address")
    assert organisation.officer["post"].startswith("Box ")
    assert organisation.officer["marking"] == "Dataskydd"
    assert found("L02") == {"organisation.requests"}


# --- organisation -----------------------------------------------------------------------------------------------


@pytest.mark.fact("O1")
def test_companies_only_add_requirements_to_the_groups_lowest_level() -> None:
    assert of("marketing", "drift").keep == months("relationship_ended", 6)
    assert of("enquiry", "utbildning").keep == months("details_submitted", 2)
    assert "partner_offers" not in flagship().purposes["konsult"]
    assert of("course_certificates", "utbildning").bases == CONSENT
    assert of("marketing", "konsult").keep == of("marketing").keep


@pytest.mark.fact("O2")
def test_every_purpose_says_in_two_languages_what_it_is_and_names_its_data() -> None:
    for purposes in flagship().purposes.values():
        for one in purposes.values():
            assert set(one.title) == {"sv", "en"}, one.id
            assert one.data or one.bases == (Basis(BasisKind.NONE),), one.id


@pytest.mark.fact("O3")
def test_whoever_gets_data_has_a_written_agreement_that_says_how_it_may_be_used() -> None:
    policy = flagship()
    for recipient in policy.recipients.values():
        agreement = policy.agreements[recipient.agreement or ""]
        assert set(agreement.allows) == {"sv", "en"}
    assert {"supplier", "partner"} <= set(policy.recipients)


@pytest.mark.fact("O4")
def test_nothing_goes_to_others_marketing_without_that_persons_consent() -> None:
    policy = flagship()
    for purposes in policy.purposes.values():
        for one in purposes.values():
            if any(policy.recipients[to].own_marketing for to in one.recipients):
                assert one.bases == CONSENT
                assert one.uses == {Use.DIRECT_MARKETING}  # the right to object to it later
    assert of("partner_offers").recipients == ("partner",)


@pytest.mark.fact("O5")
def test_data_is_handled_mainly_inside_the_eea_and_elsewhere_only_with_a_safeguard() -> None:
    policy = flagship()
    assert all("eea" in recipient.regions for recipient in policy.recipients.values())
    outside = {region.safeguard for region in policy.regions.values() if region.id != "eea"}
    assert policy.regions["eea"].safeguard is Safeguard.WITHIN
    assert outside == {Safeguard.ADEQUACY}


@pytest.mark.fact("O6")
def test_no_purpose_but_the_food_uses_a_special_category() -> None:
    special = [path for path, category in flagship().categories.items() if category.special]
    for company in COMPANIES:
        users = {one.id for one in flagship().purposes[company].values() for path in special if covers(one.data, path)}
        assert users == {"event_catering"}


@pytest.mark.fact("O7")
def test_no_recruitment_purpose_asks_for_more_than_contact_and_application() -> None:
    for name in ("recruitment", "recruitment_legal", "recruitment_offered", "future_openings"):
        assert of(name).data == {"contact", "application"}


@pytest.mark.fact("O8")
def test_controller_number_seat_address_and_officer_are_stated_once() -> None:
    organisation = flagship().organisation
    assert organisation is not None
    controller = flagship().companies[organisation.controller]
    assert (controller.registration_number, controller.seat) == ("559999-1006", "Stockholm")
    assert controller.contact["visit"]
    assert organisation.officer["email"] == controller.contact["email"]
    assert set(organisation.officer_title) == {"sv", "en"}
    assert found("L17") == {"organisation.controller"}


@pytest.mark.fact("O10")
def test_group_and_companies_state_version_and_date() -> None:
    policy = flagship()
    assert (policy.version, policy.dated) == ("1.0", date(2026, 11, 2))
    for company in COMPANIES[1:]:
        assert policy.companies[company].version
        assert policy.companies[company].dated == date(2026, 11, 2)


def test_every_finding_in_the_flagship_is_accepted_with_a_reason() -> None:
    assert flagship().findings
    assert all(finding.level is Level.ACCEPTED and finding.hint for finding in flagship().findings)
