"""How a purpose is read: bases, clocks, and what follows where the file is silent."""

from __future__ import annotations

import pytest

from ombud.policy.model import UNSTATED, Add, Basis, BasisKind, Clock, EndOf, Inclusive, Keep, OnErasure, Purpose, While
from ombud.terms import Period
from tests.policy.texts import codes, loaded, read

YEAR = Add(Period(months=12))


def one(said: str) -> Purpose:
    return loaded(f"p: {{{said}}}").purposes["north"]["p"]


@pytest.mark.parametrize(
    ("said", "keep"),
    [
        ("{after: ended, for: P12M}", Clock("ended", (YEAR,))),
        ("{from: ended, for: P12M}", Clock("ended", (YEAR, Inclusive()))),
        ("{until: ended}", Clock("ended")),
        ("{while: customer}", While("customer")),
        ("unstated", While(UNSTATED)),
        (
            "[booked, end of fiscal_year, P7Y, end of year]",
            Clock("booked", (EndOf("fiscal_year"), Add(Period(years=7)), EndOf("year"))),
        ),
        (
            "[booked, P2W, day before, end of month]",
            Clock("booked", (Add(Period(days=14)), Inclusive(), EndOf("month"))),
        ),
        ("[ended]", Clock("ended")),
    ],
)
def test_a_clock_is_read_from_left_to_right(said: str, keep: Keep) -> None:
    assert one(f"basis: contract, data: [contact], keep: {said}").keep == keep


@pytest.mark.parametrize(
    ("said", "bases"),
    [
        ("contract", (Basis(BasisKind.CONTRACT),)),
        ("[contract, legal_obligation]", (Basis(BasisKind.CONTRACT), Basis(BasisKind.LEGAL_OBLIGATION))),
        (
            "{legitimate_interests: {while: customer}, vital_interests: }",
            (Basis(BasisKind.LEGITIMATE_INTERESTS, "customer"), Basis(BasisKind.VITAL_INTERESTS)),
        ),
        (
            "{legal_obligation: {statute: [lag A, lag B]}}",
            (Basis(BasisKind.LEGAL_OBLIGATION, None, ("lag A", "lag B")),),
        ),
        ("unstated", (Basis(BasisKind.UNSTATED),)),
    ],
)
def test_a_basis_is_a_name_a_list_or_a_mapping(said: str, bases: tuple[Basis, ...]) -> None:
    assert one(f"basis: {said}, data: [contact], keep: {{until: ended}}").bases == bases


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        ("basis: consent", OnErasure.ENDS),
        ("basis: contract", OnErasure.STAYS),
        ("basis: {legal_obligation: {statute: lag}}", OnErasure.STAYS),
        ("basis: legitimate_interests", OnErasure.REVIEW),
        ("basis: unstated", OnErasure.REVIEW),
        ("basis: legitimate_interests, use: [direct_marketing]", OnErasure.ENDS),
        ("basis: contract, erasure: review", OnErasure.REVIEW),
        ("basis: [contract, consent], erasure: stays", OnErasure.STAYS),
    ],
)
def test_an_erasure_request_does_what_the_basis_says_unless_the_purpose_does(said: str, effect: OnErasure) -> None:
    assert one(f"{said}, data: [contact], keep: {{until: ended}}").on_erasure is effect


def test_a_purpose_of_some_companies_is_not_the_others() -> None:
    policy = loaded("p: {basis: contract, data: [contact], keep: {until: ended}, companies: [south]}")
    assert "p" in policy.purposes["south"]
    assert "p" not in policy.purposes["north"]


def test_a_company_replaces_only_the_keys_it_names() -> None:
    group = "p: {basis: contract, data: [contact], keep: {after: ended, for: P12M}, recipients: [carrier]}"
    policy = loaded(group, "p: {keep: {after: ended, for: P1M}}")
    north, south = policy.purposes["north"]["p"], policy.purposes["south"]["p"]
    assert (south.keep, south.recipients) == (Clock("ended", (Add(Period(months=1)),)), north.recipients)
    assert (north.keep, north.place.file, south.place.file) == (Clock("ended", (YEAR,)), "group.yaml", "south.yaml")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("contact, purchases", set()),
        ("contact.name, contact.email", set()),
        ("contact, contact.email", {"P017"}),
        ("contact, text", {"P017"}),
    ],
)
def test_data_that_is_covered_anyway_is_told(data: str, told: set[str]) -> None:
    policy, findings = read(f"p: {{basis: contract, data: [{data}], keep: {{until: ended}}}}")
    assert policy is not None
    assert codes(findings) == told


def test_without_a_basis_or_data_or_a_clock_there_is_no_purpose() -> None:
    for missing in (
        "data: [contact], keep: {until: ended}",
        "basis: contract, keep: {until: ended}",
        "basis: contract, data: [contact]",
    ):
        policy, findings = read(f"p: {{{missing}}}")
        assert policy is None
        assert codes(findings) == {"P007"}


def test_no_storage_period_is_longer_than_two_hundred_years() -> None:
    assert one("basis: contract, data: [contact], keep: {after: ended, for: P200Y}").keep == Clock(
        "ended", (Add(Period(200)),)
    )
    for longer in ("P200Y1M", "P201Y", "P2401M", "P99999D"):
        policy, findings = read(f"p: {{basis: contract, data: [contact], keep: {{after: ended, for: {longer}}}}}")
        assert (policy, codes(findings)) == (None, {"P010"})


@pytest.mark.parametrize("period", ["P1X", "P", "1Y", "P-1M", "PT3H", "P1.5Y", "p1y", "P0D", "P9999Y", "P12M ", ""])
def test_what_is_not_a_storage_period_is_refused_with_its_place(period: str) -> None:
    policy, findings = read(f'p: {{basis: contract, data: [contact], keep: {{after: ended, for: "{period}"}}}}')
    assert policy is None
    assert [(f.code, f.place.line) for f in findings] == [("P010", findings[0].place.line)]
