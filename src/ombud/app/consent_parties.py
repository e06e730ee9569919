"""The parties of a consent record (ISO/IEC TS 27560:2023): who decides, who receives, and whom one may complain to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ombud.policy.model import Policy, Purpose, RecipientRole

AUTHORITY = "supervisory authority"
"""The id of the authority among the parties: with a blank in it, as no name of a policy has."""

ROLES: Mapping[RecipientRole, str] = {
    RecipientRole.PROCESSOR: "dpv:DataProcessor",
    RecipientRole.JOINT_CONTROLLER: "dpv:JointDataControllers",
    RecipientRole.CONTROLLER: "dpv:DataController",
    RecipientRole.THIRD_PARTY: "dpv:ThirdParty",
    RecipientRole.AUTHORITY: "dpv:Authority",
}


def parties(policy: Policy, own: Mapping[str, Purpose]) -> list[dict[str, Any]]:
    """The companies that rest the purpose on consent, its recipients, and the authority, each once by its id."""
    recipients = sorted({name for each in own.values() for name in each.recipients} & policy.recipients.keys())
    found = [_company(policy, name) for name in own]
    found += [_recipient(policy, name) for name in recipients]
    authority = policy.organisation.authority if policy.organisation else {}
    if authority:
        found.append(_party(AUTHORITY, authority.get("name", ""), "dpv:Authority", "dpv:Authority", authority))
    return found


def _company(policy: Policy, name: str) -> dict[str, Any]:
    company, organisation = policy.companies[name], policy.organisation
    officer = dict(organisation.officer) if organisation else {}
    said = _party(name, company.name, "dpv:DataController", "dpv:LegalEntity", {**officer, **company.contact})
    return said | {
        "party_address": said["party_address"] or company.seat or None,
        "party_identifier": company.registration_number,
        "party_jurisdiction": company.country,
        "data_protection_officer": officer,
    }


def _recipient(policy: Policy, name: str) -> dict[str, Any]:
    recipient = policy.recipients[name]
    title = next(iter(recipient.title.values()), name)
    return _party(name, title, ROLES[RecipientRole(recipient.role)], "dpv:Recipient", {})


def _party(id: str, name: str, role: str, type: str, contact: Mapping[str, str]) -> dict[str, Any]:
    return {
        "party_id": id,
        "party_name": name,
        "party_role": role,
        "party_type": type,
        "party_address": _first(contact, ("post", "visit")),
        "party_contact": {key: contact[key] for key in ("email", "phone", "link", "post", "visit") if key in contact},
    }


def _first(said: Mapping[str, str], keys: Iterable[str]) -> str | None:
    return next((said[key] for key in keys if said.get(key)), None)
