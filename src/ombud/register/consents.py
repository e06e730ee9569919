"""Records of consent in the store: what was shown, and what was said to it (ISO/IEC TS 27560)."""

from __future__ import annotations

from collections.abc import Iterable

from ombud.register import models
from ombud.register.model import Consent, ConsentAct, Identity
from ombud.register.people import People


class Consents(People):
    """Every act of consent. The marks decide what may be used; these prove what was asked, and how (Art. 7(1))."""

    def add_consent(self, identities: Iterable[Identity], consent: Consent) -> None:
        """Write down one act of whoever has these identifiers. Their values are not kept."""
        held = [Identity(each.kind, each.digest, None, each.source) for each in identities]
        if not held:
            raise ValueError("a consent is somebody's")
        with self.transaction():
            person = self._new_person()
            self._all(models.Person).create(id=person)
            self._add(models.Identifier, self._identifiers(person, held), ignore_conflicts=True)
            self._all(models.Consent).create(
                person_id=person,
                act=consent.act.value,
                purpose=consent.purpose,
                company=consent.company,
                text_version=consent.text_version,
                text_sha256=consent.text_sha256,
                language=consent.language,
                shown_at=consent.shown_at,
                at=consent.at,
                how=consent.how,
                mark=consent.mark,
            )

    def consents_of(self, digests: Iterable[str]) -> tuple[Consent, ...]:
        """The acts of whoever has one of these keyed hashes, in order."""
        persons = self._all(models.Identifier).filter(digest__in=list(digests)).values("person_id")
        rows = self._all(models.Consent).filter(person_id__in=persons).order_by("at", "id")
        return tuple(
            Consent(
                act=ConsentAct(row.act),
                purpose=row.purpose,
                at=row.at,
                how=row.how,
                text_version=row.text_version,
                text_sha256=row.text_sha256,
                language=row.language,
                shown_at=row.shown_at,
                company=row.company,
                mark=row.mark,
            )
            for row in rows
        )
