"""What law or good practice has against a well-formed policy: warnings, each of which may be accepted.

Codes L01 to L27 name known weaknesses of published policies; each rule cites what it rests on. Rules read structure
only, never prose: they see what a file states, and what it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud.policy.model import Policy
from ombud.policy.remarks import Remark
from ombud.policy.review_group import OF_THE_GROUP
from ombud.policy.review_purposes import OF_PURPOSES, Purposes
from ombud.policy.tree import guess
from ombud.terms import Finding, Level, Place


def review(policy: Policy, allowed: Mapping[str, Purposes], top: Place) -> tuple[Finding, ...]:
    """Every warning, those accepted at the level `accepted` with the reason as hint.

    `allowed[company]` holds the group's purposes as the group states them; `top` is where the group's file begins.
    P040: something is accepted that nobody found.
    """
    stated = {name: one for purposes in allowed.values() for name, one in purposes.items()}
    organisation = policy.organisation.place if policy.organisation else top
    remarks: list[tuple[str | None, Remark]] = [(None, r) for rule in OF_THE_GROUP for r in rule(policy, organisation)]
    remarks += [(None, r) for rule in OF_PURPOSES for r in rule(policy, stated)]
    told = {(r.finding.code, r.at) for _, r in remarks}
    for company, purposes in policy.purposes.items():
        if dict(purposes) == dict(allowed[company]):
            continue
        inside = [r for rule in OF_PURPOSES for r in rule(policy, purposes) if (r.finding.code, r.at) not in told]
        remarks += [(company, r) for r in inside]
    return _accept(policy, remarks)


def _accept(policy: Policy, remarks: list[tuple[str | None, Remark]]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    used: set[Place] = set()
    for company, remark in remarks:
        match = next(
            (
                a
                for a in policy.accepted
                if (a.code, a.at) == (remark.finding.code, remark.at) and a.company in (None, company)
            ),
            None,
        )
        if match is None:
            found.append(remark.finding)
        else:
            used.add(match.place)
            found.append(replace(remark.finding, level=Level.ACCEPTED, hint=match.reason))
    for accepted in policy.accepted:
        if accepted.place in used or not accepted.code.startswith("L"):
            continue
        paths = tuple(r.at for _, r in remarks if r.finding.code == accepted.code)
        hint = guess(accepted.at, paths) if paths else "remove it"
        message = f"{accepted.code} at {accepted.at} is accepted, and nobody found it"
        found.append(Finding("P040", accepted.place, message, hint, Level.WARNING))
    return tuple(found)
