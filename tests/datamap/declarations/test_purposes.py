"""What a privacy declaration says becomes a purpose, and what it does not say is told on the line that lacks it."""

from __future__ import annotations

import pytest

from ombud.datamap.declarations.uses import term
from ombud.policy.model import Article9, BasisKind, Use, While
from tests.datamap.declarations.stories import decided, declared, drafted, explained, purpose, system, text


@pytest.mark.parametrize(
    ("said", "basis"),
    [
        ("Consent", "consent"),
        ("Contract", "contract"),
        ("Legal obligations", "legal_obligation"),
        ("Legal Obligation", "legal_obligation"),
        ("Vital interests", "vital_interests"),
        ("Public interest", "public_task"),
        ("Legitimate Interests", "legitimate_interests"),
        ("legitimate_interest", "legitimate_interests"),
    ],
)
def test_the_six_bases_in_any_spelling(said: str, basis: str) -> None:
    assert purpose(legal_basis_for_processing=said).basis.said == basis


@pytest.mark.parametrize("said", [None, "", "Because we can", "Consents given"])
def test_a_basis_that_is_none_of_the_six_is_unstated_and_told(said: str | None) -> None:
    found = purpose(legal_basis_for_processing=said).basis
    assert found.said is BasisKind.UNSTATED
    assert "decide the basis" in found.note
    assert "consent" not in found.note.lower() or "Consents given" in found.note


def test_a_declaration_is_a_purpose() -> None:
    said = declared(
        name="Deliver orders",
        data_categories=["user.name", "user.provided.identifiable.contact.email", "user.behavior.purchase_history"],
        legal_basis_for_processing="Contract",
        retention_period="24 months",
    )
    made = text(system(said))
    policy = decided(made)
    (one,) = policy.purposes["company"].values()
    assert one.id == "deliver_orders"
    assert one.title == {"en": "Deliver orders"}
    assert one.data == {"contact.name", "contact.email", "purchase"}
    assert [each.kind for each in one.bases] == [BasisKind.CONTRACT]
    assert one.dpv == ("dpv:ServiceProvision",)
    assert '# from declaration "Deliver orders" of system shop, data_use essential.service' in made
    assert "for: P24M}  # fideslang:" in made
    assert explained(made)


def test_equal_declarations_of_several_systems_are_one_purpose_and_both_are_named() -> None:
    one = declared(name="Care", retention_period="365", data_subjects=["customer"])
    other = declared(name="care", retention_period="P365D", data_subjects=["visitor"])
    made = drafted(system(one), system(other, key="desk"))
    (found,) = made.purposes.values()
    assert [each.system for each in found.origins] == ["shop", "desk"]
    assert any("customer" in each for each in found.remarks)
    assert any("visitor" in each for each in found.remarks)


def test_declarations_that_differ_stay_apart_under_names_that_tell_them() -> None:
    made = drafted(system(declared(name="Care")), system(declared(name="Care", retention_period="7 years"), key="desk"))
    assert list(made.purposes) == ["care", "care_of_desk"]


@pytest.mark.parametrize("use", ["marketing.communications", "marketing.communications.email"])
def test_messages_of_marketing_are_direct_marketing(use: str) -> None:
    assert purpose(data_use=use).kinds == (Use.DIRECT_MARKETING,)


@pytest.mark.parametrize("use", ["marketing", "marketing.advertising.profiling", "sales", "advertising.first_party"])
def test_marketing_that_may_be_direct_is_left_to_a_person(use: str) -> None:
    found = purpose(data_use=use)
    assert found.kinds == ()
    assert any("decide whether it is direct marketing" in each for each in found.remarks)


def test_what_is_kept_on_a_device_is_read_from_it() -> None:
    assert purpose(data_use="functional.storage.privacy_preferences").kinds == (Use.READS_DEVICE,)


@pytest.mark.parametrize(
    ("use", "dpv"),
    [
        ("essential.fraud_detection", "dpv:FraudPreventionAndDetection"),
        ("essential.service.authentication", "dpv:ServiceProvision"),
        ("essential.service.operations.support", ""),
        ("analytics.reporting", ""),
        ("essential", ""),
        ("our_own.service", ""),
    ],
)
def test_a_term_of_dpv_is_given_where_it_is_certain(use: str, dpv: str) -> None:
    assert term(use) == dpv


def test_a_use_of_ones_own_is_told() -> None:
    assert any("none of its own" in each for each in purpose(data_use="our_own.service").remarks)
    assert not any("none of its own" in each for each in purpose().remarks)


def test_a_period_that_says_more_is_left_out_and_told() -> None:
    made = text(system(declared(retention_period="until the customer leaves")))
    assert 'keep: unstated  # fideslang: retention_period "until the customer leaves" is left out' in made
    (one,) = decided(made).purposes["company"].values()
    assert isinstance(one.keep, While)


def test_a_special_category_and_its_condition() -> None:
    said = declared(
        data_categories=["user.health_and_medical.record"],
        special_category_legal_basis="Health or social care (with a basis in law)",
    )
    policy = decided(text(system(said)))
    (one,) = policy.purposes["company"].values()
    assert policy.categories["health"].special
    assert one.article9 is Article9.HEALTH_CARE


def test_a_special_category_without_a_condition_is_told() -> None:
    found = purpose(data_categories=["user.demographic.religious_belief"]).article9
    assert found.said is None
    assert "decide article9" in found.note


def test_convictions_are_no_special_category() -> None:
    assert not decided(text(system(declared(data_categories=["user.criminal_history"])))).categories["belief"].special


def test_what_is_no_persons_is_no_purpose_with_personal_data() -> None:
    found = purpose(data_categories=["system.operations"], third_parties="Mail houses")
    assert found.basis.said is BasisKind.NONE
    assert "no person's" in found.basis.note
    made = text(system(declared(data_categories=["system.operations"]), declared()))
    assert explained(made)
    assert decided(made).purposes["company"]["essential_service"].data == frozenset()


def test_what_is_no_persons_beside_what_is_one_takes_no_basis_away() -> None:
    found = purpose(data_categories=["system.operations", "user.name"], legal_basis_for_processing="Contract")
    assert found.basis.said is BasisKind.CONTRACT
    assert "data_categories system.operations are left out: no person's" in found.remarks


def test_what_has_no_category_of_its_own_is_text_and_told() -> None:
    found = purpose(data_categories=["user.unique_id"])
    assert found.data.said == ("text",)
    assert "declare which" in found.data.note
    beside = purpose(data_categories=["user.unique_id", "user.name"])
    assert beside.data.said == ("contact.name",)
    assert any("user.unique_id" in each for each in beside.remarks)


def test_a_declaration_that_names_no_data_is_refused_on_a_line_that_says_why() -> None:
    made = text(system(declared(data_categories=[])))
    assert "essential_service:  # fideslang: no data_categories" in made
    assert explained(made)


def test_older_keys_are_told() -> None:
    found = purpose(data_qualifier="aggregated.anonymized", features=["matching"], cookies=[{"name": "x"}])
    assert any("data_qualifier aggregated.anonymized is left out" in each for each in found.remarks)
    assert "not read: features, cookies" in found.remarks
