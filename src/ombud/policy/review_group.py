"""What a group leaves out or gets wrong about itself: who answers, how to ask, where data goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from ombud.policy.model import AgreementKind, Policy, RecipientRole, RequestWay, Safeguard
from ombud.policy.remarks import Remark, remark
from ombud.terms import Place

FORMER_AUTHORITIES = {"Datainspektionen": "Integritetsskyddsmyndigheten (since 2021)"}
OFFICER_TITLES = {"sv": "dataskyddsombud", "en": "data protection officer"}


def _authority(policy: Policy, top: Place) -> Iterator[Remark]:
    name = policy.organisation.authority.get("name", "") if policy.organisation else ""
    if name in FORMER_AUTHORITIES:
        yield remark(
            "L01", "organisation.authority", top, f"{name} is no longer its name", f"write {FORMER_AUTHORITIES[name]}"
        )


def _ways(policy: Policy, top: Place) -> Iterator[Remark]:
    """Art. 12(2), 12(3), 12(6): no form may be demanded, and electronic requests get electronic answers."""
    asked = policy.organisation.requests if policy.organisation else None
    if asked is None:
        yield remark(
            "L19", "organisation.requests", top, "how people ask is not stated (Arts 12, 13(2)(b))", "add requests:"
        )
        return
    if set(asked.ways) == {RequestWay.POST} or asked.signature:
        hint = "add a way by e-mail or portal, and ask for no signature"
        yield remark("L02", "organisation.requests", top, "people can ask by post or signature only (Art. 12(3))", hint)
    if asked.within is None:
        yield remark(
            "L19", "organisation.requests", top, "the response time is not stated (Art. 12(3))", "add within: P1M"
        )


def _controller(policy: Policy, top: Place) -> Iterator[Remark]:
    """Art. 4(7), Art. 26: who decides is a controller, whatever a text says."""
    organisation = policy.organisation
    if organisation is None:
        yield remark("L19", "organisation", top, "who answers is not stated (Art. 13(1)(a))", "add organisation:")
    elif organisation.controller in policy.companies and len(policy.companies) > 1:
        hint = "write controller: each, or joint with an arrangement"
        message = (
            f"{organisation.controller} alone is named controller, and the other companies hold data too (Art. 26)"
        )
        yield remark("L17", "organisation.controller", top, message, hint)


def _missing(policy: Policy, top: Place) -> Iterator[Remark]:
    """Arts 13 and 14: what a notice has to say."""
    if not policy.version or policy.dated is None:
        yield remark("L19", "version", top, "the policy has no version and date", "add version: and dated:")
    if policy.organisation and policy.organisation.automated_decisions is None:
        hint = "add automated_decisions: false, or true"
        yield remark(
            "L19",
            "organisation.automated_decisions",
            top,
            "automated decisions are not spoken of (Art. 13(2)(f))",
            hint,
        )
    for region in policy.regions.values():
        if region.safeguard is Safeguard.NONE:
            hint = "state the safeguard, or keep data out"
            yield remark("L19", f"regions.{region.id}", top, f"data in {region.id} has no safeguard (Chapter V)", hint)


def _cookies(policy: Policy, top: Place) -> Iterator[Remark]:
    cookies = policy.organisation.cookies if policy.organisation else {}
    if not cookies.get("link") or not cookies.get("version"):
        yield remark(
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
            yield remark("L23", "organisation.officer", top, f"the officer's title reads {title!r}", f"write {right}")


def _addresses(policy: Policy, top: Place) -> Iterator[Remark]:
    """A box has a postcode of its own."""
    for company in policy.companies.values():
        codes = [re.findall(r"\b\d{3} ?\d{2}\b", company.contact.get(key, "")) for key in ("visit", "post")]
        box = re.match(r"(?i)box\b", company.contact.get("post", ""))
        if box and codes[0] and codes[0] == codes[1]:
            message = f"the street address of {company.id} has its box's postcode"
            yield remark("L24", f"companies.{company.id}", top, message, "look the postcode up")


def _consultants(policy: Policy, top: Place) -> Iterator[Remark]:
    """Art. 4(10): who acts on the controller's instructions is no third party."""
    for one in policy.recipients.values():
        agreement = policy.agreements.get(one.agreement or "")
        if one.role == RecipientRole.THIRD_PARTY and agreement and agreement.kind is AgreementKind.PROCESSING:
            message = f"{one.id} is called third party and acts on instructions (Art. 4(10))"
            yield remark("L27", f"recipients.{one.id}", top, message, "write role: processor")


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
