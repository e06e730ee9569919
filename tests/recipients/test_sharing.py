"""A handing-over by hand: refused where agreement, purpose or person forbid it."""

from __future__ import annotations

import pytest

from ombud.terms import Act
from tests.recipients.group import Group

CECILIA = ("--subject", "email=cecilia@ronnbrink.example")
DELIVERY = ("share", "supplier", *CECILIA, "--purpose", "customer_delivery")


def test_it_is_written_down_with_agreement_company_and_categories_and_no_identifier(group: Group) -> None:
    (made,) = group.json(*DELIVERY, "--known-as", "Kund 4711", "--until", "2027-11-30")["disclosures"]
    assert (made["company"], made["agreement"], made["until"]) == ("konsult", "supplier_terms", "2027-11-30")
    assert "contact.name" in made["categories"]
    kept = (group.directory / ".ombud" / "requests.db").read_bytes()
    for secret in (b"Kund 4711", b"cecilia"):
        assert secret not in kept


def test_a_dry_run_says_the_same_and_writes_nothing(group: Group) -> None:
    would = group.json(*DELIVERY, "--dry-run")
    assert would["written"] is False
    assert [each["company"] for each in would["disclosures"]] == ["konsult"]
    assert group.store().disclosures_of([group.digest("cecilia@ronnbrink.example")]) == ()


def refused(group: Group, *said: str) -> list[str]:
    found = group.codes("share", *said)
    assert group.store().disclosures_of([group.digest("cecilia@ronnbrink.example")]) == ()
    return found


@pytest.mark.fact("O3")
def test_nothing_is_handed_over_before_there_is_an_agreement(group: Group) -> None:
    assert refused(group, "supplier", *CECILIA, "--purpose", "customer_delivery", "--day", "2026-01-14") == ["C165"]
    assert group.json(*DELIVERY, "--day", "2026-01-15")["written"] is True


@pytest.mark.fact("O3")
def test_nothing_is_handed_over_for_a_purpose_that_is_not_this_recipients(group: Group) -> None:
    assert refused(group, "caterer", *CECILIA, "--purpose", "customer_delivery") == ["C166"]


@pytest.mark.fact("P14")
def test_a_recruitment_consultant_gets_applications_and_nothing_else(group: Group) -> None:
    johan = ("--subject", "email=johan@bjorkrydh.example")
    assert refused(group, "recruitment_consultant", *johan, "--purpose", "customer_delivery") == ["C166"]
    policy = group.directory / "policy" / "group.yaml"
    policy.write_text(policy.read_text("utf-8").replace("    agreement: recruiter_terms\n", ""), "utf-8")
    assert group.codes("share", "recruitment_consultant", *johan, "--purpose", "recruitment") == ["P021"]


@pytest.mark.fact("P11")
def test_a_message_on_social_media_is_handed_to_nobody(group: Group) -> None:
    assert refused(group, "supplier", *CECILIA, "--purpose", "social_message") == ["C166"]


@pytest.mark.fact("O4")
def test_a_partner_gets_nothing_for_marketing_of_its_own_unless_the_person_said_yes_and_not_after_a_no(
    group: Group,
) -> None:
    assert refused(group, "partner", *CECILIA, "--purpose", "marketing") == ["C166"]
    greta = "greta.hagslatt@example.org"
    offers = ("partner", "--subject", f"email={greta}", "--purpose", "partner_offers")
    assert refused(group, *offers) == ["C168"]
    group.mark(Act.CONSENTED, greta, "partner_offers")
    assert group.json("share", *offers)["written"] is True
    group.mark(Act.OBJECTED, greta, "partner_offers")
    assert refused(group, *offers) == ["C168"]


@pytest.mark.fact("O4")
def test_a_purpose_that_rests_on_anything_but_consent_hands_nothing_over_for_marketing_of_their_own(
    group: Group,
) -> None:
    policy = group.directory / "policy" / "group.yaml"
    before, found, after = policy.read_text(encoding="utf-8").partition("  partner_offers:\n")
    assert found
    policy.write_text(before + found + after.replace("basis: consent", "basis: legitimate_interests", 1), "utf-8")
    assert refused(group, "partner", *CECILIA, "--purpose", "partner_offers", "--company", "drift") == ["C167"]


@pytest.mark.fact("R6")
@pytest.mark.parametrize(
    ("act", "purpose"), [(Act.RESTRICTED, None), (Act.RESTRICTED, "service_information"), (Act.OBJECTED, None)]
)
def test_nothing_is_handed_over_of_who_restricted_or_objected(group: Group, act: Act, purpose: str | None) -> None:
    wanted = ("supplier", *CECILIA, "--purpose", "service_information", "--company", "konsult")
    group.mark(act, "cecilia@ronnbrink.example", purpose)
    assert refused(group, *wanted) == ["C168"]


def test_a_legal_hold_does_not_open_what_a_restriction_closed(group: Group) -> None:
    group.mark(Act.RESTRICTED, "cecilia@ronnbrink.example")
    group.mark(Act.HELD, "cecilia@ronnbrink.example")
    assert refused(group, "supplier", *CECILIA, "--purpose", "customer_delivery") == ["C168"]


def test_a_legal_hold_lets_nobody_use_what_it_alone_keeps(group: Group) -> None:
    group.mark(Act.HELD, "henrik@myrfjall.example")
    assert refused(
        group, "supplier", "--subject", "email=henrik@myrfjall.example", "--purpose", "customer_delivery"
    ) == ["C168"]


def test_who_is_not_known_has_nothing_to_hand_over(group: Group) -> None:
    stranger = ("--subject", "email=nobody@nowhere.example")
    assert refused(group, "supplier", *stranger, "--purpose", "customer_delivery") == ["C168"]


def test_a_source_that_cannot_be_read_may_say_no(group: Group) -> None:
    (group.directory / "support.db").write_bytes(b"no database")
    assert "C169" in refused(group, "supplier", *CECILIA, "--purpose", "customer_delivery")


@pytest.mark.parametrize(
    ("recipient", "purpose", "more"),
    [
        ("suplier", "customer_delivery", ()),
        ("supplier", "custmer_delivery", ()),
        ("supplier", "customer_delivery", ("--company", "konslt")),
        ("partner", "partner_offers", ("--company", "konsult")),
        ("supplier", "customer_delivery", ("--until", "2026-11-01")),
    ],
)
def test_a_name_that_is_none_is_told_with_the_nearest(
    group: Group, recipient: str, purpose: str, more: tuple[str, ...]
) -> None:
    assert refused(group, recipient, *CECILIA, "--purpose", purpose, *more) == ["C164"]
