"""What a well-formed policy is told about the law, and how a finding is accepted."""

from __future__ import annotations

from datetime import date

import pytest

from ombud.policy.load import load_text
from ombud.terms import Finding, Level
from tests.policy.texts import HEAD, codes, group, loaded, read

PLAIN = "p: {basis: contract, data: [contact], keep: {after: ended, for: P12M}}"


def told(purposes: str, **changes: str) -> set[str]:
    """The codes of the warnings, with changes made in the head of the group's file."""
    head = HEAD
    for old, new in changes.items():
        found = {
            "controller": "controller: each",
            "decisions": "automated_decisions: false",
            "cookies": 'cookies: {link: "https://group.example/cookies", version: "1"}',
            "requests": "requests: {ways: [email, post], within: P1M}",
            "version": '\nversion: "1"',
            "elsewhere": "elsewhere: {safeguard: standard_clauses}",
            "friend": "friend: {role: controller",
            "ended": "{open_for_at_most: P40Y}",
            "north": "north: {name: Norra AB,",
        }[old]
        assert found in head
        head = head.replace(found, new)
    policy, findings = read(purposes, head=head)
    assert policy is not None, "\n".join(map(str, findings))
    return codes(findings, Level.WARNING)


def test_a_policy_that_says_what_it_must_is_told_nothing() -> None:
    assert told(PLAIN) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"controller": "controller: each\n  authority: {name: Datainspektionen}"}, "L01"),
        ({"requests": "requests: {ways: [post], within: P1M}"}, "L02"),
        ({"requests": "requests: {ways: [email], signature: required, within: P1M}"}, "L02"),
        ({"controller": "controller: north"}, "L17"),
        ({"requests": "requests: {ways: [email]}"}, "L19"),
        ({"requests": "officer: {title: {en: Data protection officer}}"}, "L19"),
        ({"decisions": "officer: {title: {en: Data protection officer}}"}, "L19"),
        ({"version": ""}, "L19"),
        ({"elsewhere": "elsewhere: {safeguard: none}"}, "L19"),
        ({"cookies": 'cookies: {version: "1"}'}, "L22"),
        ({"decisions": "automated_decisions: false\n  officer: {title: {sv: Dataskyddsbud}}"}, "L23"),
        (
            {"north": "north: {contact: {visit: 'Gata 1, 104 22 Ort', post: 'Box 2, 104 22 Ort'}, name: Norra AB,"},
            "L24",
        ),
        ({"friend": "friend: {role: third_party"}, "L27"),
    ],
)
def test_what_the_group_leaves_out_or_gets_wrong_is_told(change: dict[str, str], code: str) -> None:
    assert told(PLAIN, **change) == {code}


HIRING = "dpv: dpv:PersonnelHiring, data: [contact], keep"
LI = "basis: legitimate_interests"


@pytest.mark.parametrize(
    ("weak", "mended", "code"),
    [
        (
            "a: {basis: contract, data: [contact], keep: {after: ended, for: P12M}}\n"
            "b: {basis: consent, data: [contact.name], keep: {after: ended, for: P12M}}",
            "a: {basis: contract, data: [contact], keep: {after: ended, for: P12M}}\n"
            "b: {basis: consent, data: [contact.name], keep: {after: ended, for: P24M}}",
            "L07",
        ),
        (
            f"a: {{{LI}, {HIRING}: {{after: ended, for: P12M}}}}",
            f"a: {{{LI}, {HIRING}: {{after: ended, for: P24M}}}}",
            "L08",
        ),
        (
            f"a: {{{LI}, {HIRING}: {{from: ended, for: P23M}}}}",
            f"a: {{{LI}, {HIRING}: {{from: ended, for: P24M}}}}\nb: {{{LI}, {HIRING}: {{until: ended}}}}",
            "L08",
        ),
        (
            "a: {basis: contract, dpv: dpv:EnforceSecurity, data: [contact], keep: {until: ended}}",
            "a: {basis: legitimate_interests, dpv: dpv:EnforceSecurity, data: [contact], keep: {until: ended}}",
            "L09",
        ),
        (
            f"a: {{{LI}, use: [reads_device], data: [contact], keep: {{until: ended}}}}",
            "a: {basis: consent, use: [reads_device], data: [contact], keep: {until: ended}}",
            "L10",
        ),
        (
            f"a: {{{LI}, use: [direct_marketing], data: [contact], keep: {{after: booked, for: P3M}}}}",
            f"a: {{{LI}, use: [direct_marketing], data: [contact], keep: {{after: ended, for: P3M}}}}",
            "L11",
        ),
        (
            f"a: {{{LI}, use: [direct_marketing], data: [contact.email], keep: {{after: booked, for: P3M}}}}",
            f"a: {{{LI}, use: [direct_marketing], data: [contact.phone], keep: {{after: booked, for: P3M}}}}",
            "L11",
        ),
        (
            "a: {basis: contract, data: [health.allergy], keep: {until: ended}}",
            "a: {basis: contract, data: [health.allergy], article9: explicit_consent, keep: {until: ended}}",
            "L12",
        ),
        (
            "a: {basis: contract, data: [contact], recipients: [friend], keep: {until: ended}}",
            "a: {basis: consent, data: [contact], recipients: [friend], keep: {until: ended}}",
            "L13",
        ),
        (
            f"a: {{{LI}, use: [direct_marketing], data: [contact.phone], keep: {{after: booked, for: P3M}}}}\n"
            f"b: {{{LI}, use: [direct_marketing], data: [contact.phone], keep: {{after: started, for: P12M}}}}",
            f"a: {{{LI}, use: [direct_marketing], data: [contact.phone], keep: {{after: booked, for: P3M}}}}\n"
            f"b: {{{LI}, use: [direct_marketing], data: [contact.name], keep: {{after: started, for: P12M}}}}",
            "L15",
        ),
        (
            "a: {basis: contract, dpv: dpv:CustomerCare, data: [contact], keep: {after: ended, for: P12M}}",
            "a: {basis: contract, dpv: dpv:CustomerCare, data: [contact], keep: {after: ended, for: P3Y}}",
            "L16",
        ),
        (
            "a: {basis: unstated, data: [contact], keep: {until: ended}}",
            "a: {basis: contract, data: [contact], keep: {until: ended}}",
            "L19",
        ),
        (
            "a: {basis: contract, data: [contact], keep: unstated}",
            "a: {basis: contract, data: [contact], keep: {until: ended}}",
            "L19",
        ),
        (
            "a: {basis: none}\nb: {basis: contract, data: [network], keep: {until: ended}}",
            "a: {basis: none}\nb: {basis: contract, data: [contact], keep: {until: ended}}",
            "L20",
        ),
        (
            "a: {basis: contract, data: [contact], keep: {until: booked}}",
            "a: {basis: contract, data: [contact], keep: {after: booked, for: P1D}}",
            "L21",
        ),
        (
            "a: {basis: legal_obligation, data: [contact], keep: {until: ended}}",
            "a: {basis: {legal_obligation: {statute: lag}}, data: [contact], keep: {until: ended}}",
            "P041",
        ),
    ],
)
def test_a_weak_purpose_is_told_and_a_mended_one_is_not(weak: str, mended: str, code: str) -> None:
    assert told(weak) == {code}
    assert told(mended) == set()


def test_one_recruitment_purpose_that_lasts_two_years_is_enough() -> None:
    short, long = (f"{{{LI}, {HIRING}: {{after: ended, for: {period}}}}}" for period in ("P12M", "P24M"))
    assert told(f"a: {short}\nb: {long}") == set()
    assert told(f"a: {short}\nb: {short}") == {"L08"}


def test_a_state_that_never_ends_is_told() -> None:
    head = HEAD.replace("{from: started, until: ended}", "{from: started}")
    findings = read("a: {basis: contract, data: [contact], keep: {while: customer}}", head=head)[1]
    assert codes(findings) == {"L21"}


UNSTATED = "a: {basis: contract, data: [contact], keep: unstated}"


def with_accepted(code: str, at: str) -> tuple[Finding, ...]:
    head = HEAD + f"accepted: [{{code: {code}, at: {at}, reason: It is being discussed., review: 2026-06-30}}]\n"
    return loaded(UNSTATED, head=head).findings


def test_an_accepted_finding_is_told_with_its_reason() -> None:
    (finding,) = with_accepted("L19", "purposes.a.keep")
    assert (finding.level, finding.hint) == (Level.ACCEPTED, "It is being discussed.")


def test_accepting_one_finding_accepts_no_other() -> None:
    for code, at in (("L19", "purposes.a.basis"), ("L21", "purposes.a.keep"), ("L19", "purposes.a")):
        findings = with_accepted(code, at)
        assert codes(findings, Level.WARNING) == {"L19", "P040"}


def test_an_acceptance_that_hits_nothing_says_what_it_could_have_meant() -> None:
    hints = {
        f.hint
        for code, at in (("L19", "purposes.a.kept"), ("L01", "x"))
        for f in with_accepted(code, at)
        if f.code == "P040"
    }
    assert hints == {"did you mean purposes.a.keep?", "remove it"}


def test_what_is_accepted_for_other_files_is_kept_for_them() -> None:
    head = HEAD + "accepted: [{code: M012, at: crm.customer, reason: Mapped next week., review: 2026-06-30}]\n"
    policy = loaded(PLAIN, head=head)
    assert policy.findings == ()
    assert [(a.code, a.at, a.company, a.review) for a in policy.accepted] == [
        ("M012", "crm.customer", None, date(2026, 6, 30))
    ]


def test_a_company_accepts_what_is_found_in_its_own_purposes_and_nothing_of_the_groups() -> None:
    head = 'company: south\nversion: "1"\ndated: 2026-01-01\n'
    own = head + "purposes:\n  b: {basis: consent, data: [health], keep: {until: ended}}\n"
    mine = own + "accepted: [{code: L12, at: purposes.b, reason: The form is being changed.}]\n"
    text = group(UNSTATED)
    before = load_text({"group.yaml": text, "south.yaml": own})[1]
    after = load_text({"group.yaml": text, "south.yaml": mine})[1]
    assert codes(before, Level.WARNING) == {"L12", "L19"}
    assert codes(after, Level.WARNING) == {"L19"}
    theirs = own + "accepted: [{code: L19, at: purposes.a.keep, reason: Not ours to accept.}]\n"
    assert "L19" in codes(load_text({"group.yaml": text, "south.yaml": theirs})[1], Level.WARNING)
