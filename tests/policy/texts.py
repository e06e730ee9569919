"""Small policies for stories: a group of two companies, with the part that matters put in."""

from __future__ import annotations

from ombud.policy.load import load_text
from ombud.policy.model import Policy
from ombud.terms import Finding, Level

HEAD = """
group: Exempelgruppen
version: "1"
dated: 2026-01-01
zone: Europe/Stockholm
organisation:
  controller: each
  automated_decisions: false
  cookies: {link: "https://group.example/cookies", version: "1"}
  requests: {ways: [email, post], within: P1M}
companies:
  north: {name: Norra AB, registration_number: 559999-1006, fiscal_years: {ends: 12-31, first: 2020, last: 2030}}
  south: {name: Södra AB, registration_number: 559999-1014, fiscal_years: {ends: 08-31, first: 2020, last: 2030}}
categories:
  contact: {parts: {name: , email: , phone: }}
  purchases:
  network: {parts: {ip: {dpv: "pd:IPAddress"}}}
  health: {special: true, parts: {allergy: }}
moments:
  started:
  ended: {open_for_at_most: P40Y}
  booked:
states:
  customer: {from: started, until: ended}
regions:
  eea: {safeguard: within}
  elsewhere: {safeguard: standard_clauses}
agreements:
  terms: {kind: processing, dated: 2026-01-01, allows: {en: deliver}}
recipients:
  carrier: {role: processor, agreement: terms, regions: [eea]}
  call_centre: {role: processor, agreement: terms, regions: [elsewhere]}
  friend: {role: controller, agreement: terms, regions: [eea], own_marketing: true}
"""


def group(purposes: str, head: str = HEAD) -> str:
    """A group file with these purposes, written as the lines under `purposes:`, each on its own."""
    return head + "purposes:\n" + "".join(f"  {line}\n" for line in purposes.strip().splitlines())


def read(purposes: str, south: str | None = None, head: str = HEAD) -> tuple[Policy | None, tuple[Finding, ...]]:
    """Load a group, and what the company `south` says of its purposes."""
    files = {"group.yaml": group(purposes, head)}
    if south is not None:
        lines = "".join(f"  {line}\n" for line in south.strip().splitlines())
        files["south.yaml"] = f'company: south\nversion: "1"\ndated: 2026-01-01\npurposes:\n{lines}'
    return load_text(files)


def loaded(purposes: str, south: str | None = None, head: str = HEAD) -> Policy:
    """The policy, which must be one."""
    policy, findings = read(purposes, south, head)
    assert policy is not None, "\n".join(map(str, findings))
    return policy


def codes(findings: tuple[Finding, ...], level: Level | None = None) -> set[str]:
    """The codes that were found, of one level or of all."""
    return {finding.code for finding in findings if level in (None, finding.level)}
