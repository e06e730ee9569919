"""What law or good practice has against a well-formed policy: warnings, each of which may be accepted.

Codes L01 to L21 name known weaknesses of published policies; each rule cites what it rests on. Rules read structure
only, never prose: they see what a file states, and what it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import SequenceMatcher

from ombud.policy.model import (
    UNSTATED,
    AgreementKind,
    BasisKind,
    Clock,
    Policy,
    Purpose,
    RecipientRole,
    RequestWay,
    Safeguard,
    Use,
    While,
    covers,
)
from ombud.policy.tree import guess
from ombud.policy.words import say_keep
from ombud.policy.years import last_day
from ombud.terms import Finding, Level, Place

Purposes = Mapping[str, Purpose]

HIRING = frozenset({"dpv:PersonnelHiring"})
SECURITY = frozenset({"dpv:EnforceSecurity", "dpv:FraudPreventionAndDetection", "dpv:MisusePreventionAndDetection"})
COMPLAINTS = frozenset({"dpv:CustomerCare", "dpv:CustomerClaimsManagement"})
FORMER_AUTHORITIES = {"Datainspektionen": "Integritetsskyddsmyndigheten (since 2021)"}
OFFICER_TITLES = {"sv": "dataskyddsombud", "en": "data protection officer"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding and what it is about, by which it can be accepted: `purposes.newsletter`, `organisation.requests`."""

    at: str
    finding: Finding


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


def _remark(code: str, at: str, place: Place, message: str, hint: str) -> Remark:
    return Remark(at, Finding(code, place, f"{message} [{at}]", hint, Level.WARNING))


def _of(one: Purpose, code: str, message: str, hint: str, key: str = "") -> Remark:
    at = f"purposes.{one.id}.{key}" if key else f"purposes.{one.id}"
    return _remark(code, at, one.place, f"{one.id} {message}", hint)


# --- the group: who answers, and how ----------------------------------------------------------------------------


def _authority(policy: Policy, top: Place) -> Iterator[Remark]:
    name = policy.organisation.authority.get("name", "") if policy.organisation else ""
    if name in FORMER_AUTHORITIES:
        yield _remark(
            "L01", "organisation.authority", top, f"{name} is no longer its name", f"write {FORMER_AUTHORITIES[name]}"
        )


def _ways(policy: Policy, top: Place) -> Iterator[Remark]:
    """Art. 12(2), 12(3), 12(6): no form may be demanded, and electronic requests get electronic answers."""
    asked = policy.organisation.requests if policy.organisation else None
    if asked is None:
        yield _remark(
            "L19", "organisation.requests", top, "how people ask is not stated (Arts 12, 13(2)(b))", "add requests:"
        )
        return
    if set(asked.ways) == {RequestWay.POST} or asked.signature:
        hint = "add a way by e-mail or portal, and ask for no signature"
        yield _remark(
            "L02", "organisation.requests", top, "people can ask by post or signature only (Art. 12(3))", hint
        )
    if asked.within is None:
        yield _remark(
            "L19", "organisation.requests", top, "the response time is not stated (Art. 12(3))", "add within: P1M"
        )


def _controller(policy: Policy, top: Place) -> Iterator[Remark]:
    """Art. 4(7), Art. 26: who decides is a controller, whatever a text says."""
    organisation = policy.organisation
    if organisation is None:
        yield _remark("L19", "organisation", top, "who answers is not stated (Art. 13(1)(a))", "add organisation:")
    elif organisation.controller in policy.companies and len(policy.companies) > 1:
        hint = "write controller: each, or joint with an arrangement"
        message = (
            f"{organisation.controller} alone is named controller, and the other companies hold data too (Art. 26)"
        )
        yield _remark("L17", "organisation.controller", top, message, hint)


def _missing(policy: Policy, top: Place) -> Iterator[Remark]:
    """Arts 13 and 14: what a notice has to say."""
    if not policy.version or policy.dated is None:
        yield _remark("L19", "version", top, "the policy has no version and date", "add version: and dated:")
    if policy.organisation and policy.organisation.automated_decisions is None:
        hint = "add automated_decisions: false, or true"
        yield _remark(
            "L19",
            "organisation.automated_decisions",
            top,
            "automated decisions are not spoken of (Art. 13(2)(f))",
            hint,
        )
    for region in policy.regions.values():
        if region.safeguard is Safeguard.NONE:
            hint = "state the safeguard, or keep data out"
            yield _remark("L19", f"regions.{region.id}", top, f"data in {region.id} has no safeguard (Chapter V)", hint)


def _cookies(policy: Policy, top: Place) -> Iterator[Remark]:
    cookies = policy.organisation.cookies if policy.organisation else {}
    if not cookies.get("link") or not cookies.get("version"):
        yield _remark(
            "L22",
            "organisation.cookies",
            top,
            "the cookie policy has no link and version",
            "add cookies: {link, version}",
        )


def _officer(policy: Policy, top: Place) -> Iterator[Remark]:
    for language, title in policy.organisation.officer_title.items() if policy.organisation else ():
        right = OFFICER_TITLES.get(language, title)
        if title.lower() != right.lower() and SequenceMatcher(None, title.lower(), right.lower()).ratio() > 0.8:
            yield _remark("L23", "organisation.officer", top, f"the officer's title reads {title!r}", f"write {right}")


def _addresses(policy: Policy, top: Place) -> Iterator[Remark]:
    """A box has a postcode of its own."""
    for company in policy.companies.values():
        codes = [re.findall(r"\b\d{3} ?\d{2}\b", company.contact.get(key, "")) for key in ("visit", "post")]
        box = re.match(r"(?i)box\b", company.contact.get("post", ""))
        if box and codes[0] and codes[0] == codes[1]:
            message = f"the street address of {company.id} has its box's postcode"
            yield _remark("L24", f"companies.{company.id}", top, message, "look the postcode up")


def _consultants(policy: Policy, top: Place) -> Iterator[Remark]:
    """Art. 4(10): who acts on the controller's instructions is no third party."""
    for one in policy.recipients.values():
        agreement = policy.agreements.get(one.agreement or "")
        if one.role == RecipientRole.THIRD_PARTY and agreement and agreement.kind is AgreementKind.PROCESSING:
            message = f"{one.id} is called third party and acts on instructions (Art. 4(10))"
            yield _remark("L27", f"recipients.{one.id}", top, message, "write role: processor")


# --- purposes ---------------------------------------------------------------------------------------------------


def _kinds(one: Purpose) -> set[BasisKind]:
    return {basis.kind for basis in one.bases}


def _shorter(one: Purpose, years: int) -> bool:
    """Whether a clock of periods alone runs for fewer years than these."""
    if not isinstance(one.keep, Clock) or not one.keep.steps:
        return False
    start = date(2025, 1, 1)
    end = last_day(one.keep.steps, start, ())
    return end is not None and end < start.replace(year=start.year + years) - timedelta(days=1)


def _consent_for_kept(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 7(4), Recital 43: consent is a choice, and here none is left."""
    for one in purposes.values():
        if _kinds(one) != {BasisKind.CONSENT} or not isinstance(one.keep, Clock):
            continue
        for other in purposes.values():
            if BasisKind.CONSENT in _kinds(other) or not isinstance(other.keep, Clock) or other.keep != one.keep:
                continue
            same_hands = set(one.recipients) <= set(other.recipients)
            if same_hands and all(covers(other.data, path) for path in one.data):
                hint = f"give it a clock of its own, and make sure that only {one.id} uses the data then"
                yield _of(one, "L07", f"asks consent for what {other.id} keeps anyway, {say_keep(one.keep)}", hint)
                break


def _discrimination(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Diskrimineringslagen: a claim may come for two years."""
    hiring = [
        p
        for p in purposes.values()
        if HIRING & set(p.dpv) and BasisKind.CONSENT not in _kinds(p) and isinstance(p.keep, Clock)
    ]
    timed = [p for p in hiring if isinstance(p.keep, Clock) and p.keep.steps]
    if timed and all(_shorter(p, 2) for p in timed):
        for one in timed:
            yield _of(
                one,
                "L08",
                "ends before the two years in which discrimination can be claimed",
                "keep for P24M, in a sealed form",
            )


def _security(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 6(1)(b) covers what the contract cannot be kept without (EDPB Guidelines 2/2019); Recitals 47 and 49."""
    for one in purposes.values():
        if SECURITY & set(one.dpv) and BasisKind.CONTRACT in _kinds(one):
            yield _of(
                one,
                "L09",
                "rests fraud prevention or security on contract",
                "write legitimate_interests (Recitals 47, 49)",
            )


def _device(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """ePrivacy directive Art. 5(3)."""
    for one in purposes.values():
        if Use.READS_DEVICE in one.uses and _kinds(one) != {BasisKind.CONSENT}:
            yield _of(
                one,
                "L10",
                "reads people's devices without consent (ePrivacy 5(3))",
                "rest it on consent alone, or count without tracking",
            )


def _strangers(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Marknadsföringslagen 19 §: e-mail to natural persons needs consent, or a customer's address."""
    ends = {state.ends for state in policy.states.values()}
    for one in purposes.values():
        if Use.DIRECT_MARKETING not in one.uses or not covers(one.data, "contact.email"):
            continue
        free = [b for b in one.bases if b.kind is BasisKind.LEGITIMATE_INTERESTS and b.state is None]
        customers = isinstance(one.keep, While) or one.keep.start in ends
        if free and not customers:
            hint = "rest it on consent, or on legitimate_interests: {while: customer}"
            yield _of(one, "L11", "markets by e-mail to people who are not customers (marknadsföringslagen 19 §)", hint)


def _special(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    special = [path for path, category in policy.categories.items() if category.special]
    for one in purposes.values():
        paths = [path for path in special if covers(one.data, path)]
        if paths and one.article9 is None:
            yield _of(
                one,
                "L12",
                f"uses {paths[-1]} without a condition of Art. 9(2)",
                "add article9: explicit_consent, or another",
            )


def _sold(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """What goes out for others' own marketing needs the person's approval."""
    for one in purposes.values():
        to = [name for name in one.recipients if policy.recipients[name].own_marketing]
        if to and _kinds(one) != {BasisKind.CONSENT}:
            yield _of(
                one, "L13", f"hands data to {to[0]} for its own marketing without consent", "rest it on consent alone"
            )


def _complaints(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Konsumentköplagen (2022:260): three years to complain."""
    for one in purposes.values():
        if COMPLAINTS & set(one.dpv) and _shorter(one, 3):
            yield _of(
                one,
                "L16",
                "ends before the three years in which a consumer can complain",
                "keep what a complaint needs for P3Y",
            )


def _unstated(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 13(1)(c) and 13(2)(a): basis and period are told."""
    for one in purposes.values():
        if BasisKind.UNSTATED in _kinds(one):
            hint = "state a basis; until then no right follows from one"
            yield _of(one, "L19", "has no stated legal basis (Art. 13(1)(c))", hint, "basis")
        if one.keep == While(UNSTATED) and BasisKind.NONE not in _kinds(one):
            yield _of(one, "L19", "has no stated period and keeps for ever (Art. 13(2)(a))", "state keep:", "keep")


def _forever(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 5(1)(e): what waits for an act of the person has no limit for the inactive."""
    for one in purposes.values():
        end = one.keep.start if isinstance(one.keep, Clock) and not one.keep.steps else None
        if isinstance(one.keep, While):
            end = policy.states[one.keep.state].ends
            if end is None and one.keep.state != UNSTATED:
                yield _of(
                    one,
                    "L21",
                    f"is kept {say_keep(one.keep)}, which never ends (Art. 5(1)(e))",
                    "give the state an until:",
                )
        if end is not None and policy.moments[end].open_for_at_most is None:
            hint = f"add open_for_at_most: to {end}, or another end"
            yield _of(one, "L21", f"is kept {say_keep(one.keep)} without a limit for the inactive (Art. 5(1)(e))", hint)


OF_THE_GROUP: tuple[Callable[[Policy, Place], Iterator[Remark]], ...] = (
    _authority,
    _ways,
    _controller,
    _missing,
    _cookies,
    _officer,
    _addresses,
    _consultants,
)
OF_PURPOSES: tuple[Callable[[Policy, Purposes], Iterator[Remark]], ...] = (
    _consent_for_kept,
    _discrimination,
    _security,
    _device,
    _strangers,
    _special,
    _sold,
    _complaints,
    _unstated,
    _forever,
)
