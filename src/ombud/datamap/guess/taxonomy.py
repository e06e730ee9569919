"""Which concept a category of fideslang is (taxonomy 3, and the longer names of earlier ones)."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.datamap.guess.lexicon import Concept

_EARLIER = frozenset({"provided", "derived", "identifiable", "nonidentifiable"})
"""Parts that names of categories once had, and that say nothing of what a column holds."""

_NOTHING = frozenset({"system", "organization"})
"""Categories of no person."""

_CONCEPTS: Mapping[str, Concept] = {
    "user.account.username": Concept.USERNAME,
    "user.account": Concept.OTHER,
    "user.authorization": Concept.CREDENTIAL,
    "user.authorization.biometric": Concept.HEALTH,
    "user.behavior": Concept.ACTIVITY,
    "user.behavior.purchase_history": Concept.PURCHASE,
    "user.biometric": Concept.HEALTH,
    "user.biometric_health": Concept.HEALTH,
    "user.browsing_history": Concept.ACTIVITY,
    "user.contact": Concept.OTHER,
    "user.contact.address": Concept.ADDRESS,
    "user.contact.city": Concept.ADDRESS,
    "user.contact.country": Concept.ADDRESS,
    "user.contact.email": Concept.EMAIL,
    "user.contact.fax_number": Concept.PHONE,
    "user.contact.organization": Concept.ORGANISATION,
    "user.contact.phone_number": Concept.PHONE,
    "user.contact.postal_code": Concept.ADDRESS,
    "user.contact.state": Concept.ADDRESS,
    "user.contact.street": Concept.ADDRESS,
    "user.contact.url": Concept.LINK,
    "user.content": Concept.FREE_TEXT,
    "user.content.private": Concept.FREE_TEXT,
    "user.content.self_image": Concept.PHOTO,
    "user.criminal_history": Concept.BELIEF,
    "user.date_of_birth": Concept.BIRTH_DATE,
    "user.demographic": Concept.OTHER,
    "user.demographic.age_range": Concept.BIRTH_DATE,
    "user.demographic.date_of_birth": Concept.BIRTH_DATE,
    "user.demographic.gender": Concept.GENDER,
    "user.demographic.language": Concept.LANGUAGE,
    "user.demographic.marital_status": Concept.OTHER,
    "user.demographic.political_opinion": Concept.BELIEF,
    "user.demographic.profile": Concept.OTHER,
    "user.demographic.race_ethnicity": Concept.BELIEF,
    "user.demographic.religious_belief": Concept.BELIEF,
    "user.demographic.sexual_orientation": Concept.BELIEF,
    "user.device": Concept.DEVICE,
    "user.device.ip_address": Concept.IP,
    "user.device.telemetry": Concept.ACTIVITY,
    "user.financial": Concept.PAYMENT,
    "user.gender": Concept.GENDER,
    "user.genetic": Concept.HEALTH,
    "user.government_id": Concept.IDENTITY_NUMBER,
    "user.health_and_medical": Concept.HEALTH,
    "user.job_title": Concept.EMPLOYMENT,
    "user.location": Concept.LOCATION,
    "user.media_consumption": Concept.ACTIVITY,
    "user.name": Concept.NAME,
    "user.payment": Concept.PAYMENT,
    "user.political_opinion": Concept.BELIEF,
    "user.privacy_preferences": Concept.PREFERENCE,
    "user.race": Concept.BELIEF,
    "user.religious_belief": Concept.BELIEF,
    "user.search_history": Concept.ACTIVITY,
    "user.sensor": Concept.ACTIVITY,
    "user.sexual_orientation": Concept.BELIEF,
    "user.social": Concept.LINK,
    "user.telemetry": Concept.ACTIVITY,
    "user.unique_id": Concept.OTHER,
    "user.unique_id.pseudonymous": Concept.OTHER,
    "user.user_sensor": Concept.ACTIVITY,
    "user.workplace": Concept.EMPLOYMENT,
}
"""The nearest above counts for a category that is not here; what is a person's and is not here is `other`."""


_SPECIAL = frozenset(
    """
    user.authorization.biometric user.biometric user.biometric_health user.demographic.political_opinion
    user.demographic.race_ethnicity user.demographic.religious_belief user.demographic.sexual_orientation user.genetic
    user.health_and_medical user.political_opinion user.race user.religious_belief user.sexual_orientation
    """.split()
)
"""Special categories (Art. 9(1) GDPR), with all beneath them; convictions are Art. 10's."""


def special(category: str) -> bool:
    """Whether a category of fideslang is a special one, or lies beneath one."""
    parts = _parts(category)
    return any(".".join(parts[:many]) in _SPECIAL for many in range(1, len(parts) + 1))


def concept_of(category: str) -> Concept | None:
    """What a category of fideslang is, by the nearest above it that is known; None where it is no person's."""
    parts = _parts(category)
    if not parts or parts[0] in _NOTHING:
        return None
    for many in range(len(parts), 0, -1):
        if (found := _CONCEPTS.get(".".join(parts[:many]))) is not None:
            return found
    return Concept.OTHER


def _parts(category: str) -> list[str]:
    """A category's parts, by the names they have now."""
    parts = [part for part in category.split(".") if part not in _EARLIER]
    if parts[:1] == ["account_data"]:  # who holds an account is a user
        parts[0] = "user"
    return parts
