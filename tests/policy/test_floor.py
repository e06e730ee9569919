"""The floor: what a company may and may not ask beyond its group."""

from __future__ import annotations

import pytest

from ombud.policy.load import load_text
from ombud.terms import Level
from tests.policy.texts import codes, group, read

GROUP = """
open: {basis: vital_interests, data: [contact], keep: unstated}
delivery: {basis: contract, data: [contact, purchases], keep: {after: ended, for: P12M}, recipients: [carrier]}
marketing: {basis: legitimate_interests, use: [direct_marketing], data: [contact.email], keep: {after: ended, for: P6M}}
held: {basis: unstated, data: [contact.phone], keep: {while: customer}}
club: {basis: {legitimate_interests: {while: customer}}, data: [contact.name], keep: {after: ended, for: P1M}}
food: {basis: consent, data: [health], article9: explicit_consent, keep: {until: ended}}
figures: {basis: contract, use: [aggregates_only], data: [health.allergy], keep: {until: ended}}
books:
  basis: {legal_obligation: {statute: lag}}
  data: [purchases]
  keep: [booked, end of fiscal_year, P7Y]
  bound: at_least
"""


@pytest.mark.parametrize(
    ("south", "refused"),
    [
        ("delivery: {keep: {after: ended, for: P12M}}", set()),
        ("delivery: {keep: {after: ended, for: P1Y}}", set()),
        ("delivery: {keep: {from: ended, for: P12M}}", set()),
        ("delivery: {keep: {until: ended}}", set()),
        ("delivery: {keep: {while: customer}}", set()),
        ("delivery: {keep: {after: ended, for: P365D}}", set()),
        ("delivery: {keep: {after: ended, for: P366D}}", {"P030"}),
        ("delivery: {keep: [ended, P11M, end of month]}", set()),
        ("delivery: {keep: [ended, P12M, end of month]}", {"P030"}),
        ("delivery: {keep: [ended, end of fiscal_year]}", set()),
        ("delivery: {keep: [ended, end of fiscal_year, P1D]}", set()),
        ("delivery: {keep: [ended, end of fiscal_year, P2D]}", {"P030"}),
        ("delivery: {keep: unstated}", {"P030"}),
        ("delivery: {keep: {until: started}}", {"P030"}),
        ("held: {keep: {until: ended}}", {"P030"}),
        ("held: {basis: contract, keep: {while: customer}}", {"P036"}),
        ("held: {basis: contract, keep: {while: customer}, erasure: review}", set()),
        ("marketing: {basis: consent, keep: {after: ended, for: P12M}}", set()),
        ("marketing: {basis: consent, keep: {after: ended, for: P13M}}", {"P030"}),
        ("marketing: {basis: contract}", {"P035"}),
        ("marketing: {basis: public_task}", {"P033"}),
        ("marketing: {data: [contact.email, contact.phone]}", {"P033"}),
        ("marketing: {data: [contact.email, purchases]}", {"P033"}),
        ("club: {basis: legitimate_interests}", {"P033"}),
        ("delivery: {recipients: [carrier, call_centre]}", {"P031", "P032"}),
        ("delivery: {recipients: [friend]}", {"P031"}),
        ("food: {article9: made_public}", {"P033"}),
        ("figures: {use: []}", {"P035"}),
        ("mine: {basis: consent, data: [contact], recipients: [call_centre], keep: {after: ended, for: P9Y}}", set()),
        ("mine: {basis: {legal_obligation: {statute: lag}}, data: [contact], keep: {after: ended, for: P9Y}}", set()),
        ("mine: {basis: legal_obligation, data: [contact.name], keep: {after: ended, for: P9Y}}", {"P033"}),
        ("mine: {basis: contract, data: [contact], keep: {after: ended, for: P9Y}}", {"P030"}),
        (
            "mine: {basis: [contract, consent], erasure: ends, data: [contact.name], keep: {after: ended, for: P9Y}}",
            {"P030"},
        ),
        ("mine: {basis: contract, use: [reads_device], data: [purchases], keep: {until: ended}}", {"P035"}),
        ("books: {keep: [booked, end of fiscal_year, P8Y]}", set()),
        ("books: {keep: [booked, end of fiscal_year, P6Y]}", {"P034"}),
        ("books: {keep: {after: booked, for: P8Y}}", set()),
        ("books: {keep: {after: booked, for: P7Y}}", {"P034"}),
        ("books: {bound: at_most}", {"P034"}),
        ("books: {data: [contact.name]}", {"P033", "P034"}),
        ("books: {data: [purchases, contact.name]}", {"P033"}),
        ("books: {basis: {legal_obligation: {statute: lagen}}}", {"P034"}),
        ("books: none", {"P034"}),
        ("delivery: none", set()),
        ("mine: {basis: public_task, data: [contact.phone], keep: {while: customer}}", {"P033"}),
        ("open: {keep: {after: ended, for: P50Y}}", set()),
        ("mine: {basis: vital_interests, data: [contact.name], keep: {after: ended, for: P50Y}}", {"P030"}),
        ("mine: {basis: vital_interests, data: [contact.name], keep: unstated}", {"P030"}),
    ],
)
def test_a_company_asks_and_the_floor_answers(south: str, refused: set[str]) -> None:
    policy, findings = read(GROUP, south)
    assert codes(findings, Level.ERROR) == refused
    assert (policy is None) == bool(refused)


def test_a_refusal_shows_what_the_group_allows_and_what_the_company_asks() -> None:
    _, findings = read(GROUP, "mine: {basis: contract, data: [purchases], keep: {after: ended, for: P3Y}}")
    (refusal,) = (finding for finding in findings if finding.code == "P030")
    assert refusal.place.file == "south.yaml"
    assert "- group: after ended for P12M (delivery)" in refusal.message
    assert "+ south: after ended for P3Y: for 2025-03-01 until 2028-03-01, not 2026-03-01" in refusal.message


def test_clocks_of_several_purposes_together_grant_what_none_grants_alone() -> None:
    year = "year: {basis: contract, data: [purchases], keep: [ended, end of year]}"
    fiscal = "fiscal: {basis: contract, data: [purchases], keep: [ended, P3M, end of fiscal_year]}"
    asked = "mine: {basis: contract, data: [purchases], keep: {after: ended, for: P4M}}"
    assert codes(read(year, asked)[1], Level.ERROR) == {"P030"}  # from September it crosses the year
    assert codes(read(fiscal, asked)[1], Level.ERROR) == {"P030"}  # in May it crosses the fiscal year
    assert codes(read(f"{year}\n{fiscal}", asked)[1], Level.ERROR) == set()


def test_a_category_of_the_companys_own_is_its_own_affair_and_a_part_of_the_groups_is_not() -> None:
    stated = group("delivery: {basis: contract, data: [contact], keep: {after: ended, for: P12M}}")
    head = 'company: south\nversion: "1"\ndated: 2026-01-01\ncategories: {shoe_size: }\npurposes:\n'
    mine = "  mine: {basis: contract, data: [%s], keep: {after: ended, for: P9Y}}\n"
    free = load_text({"group.yaml": stated, "south.yaml": head + mine % "shoe_size"})
    bound = load_text({"group.yaml": stated, "south.yaml": head + mine % "contact.name"})
    assert codes(free[1], Level.ERROR) == set()
    assert codes(bound[1], Level.ERROR) == {"P030"}
