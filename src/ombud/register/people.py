"""Persons in the store: sets of identifiers, found by keyed hash alone, never by likeness."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ombud.register import models
from ombud.register.base import MOST, Base, batched
from ombud.register.model import Identity, Person, Protection
from ombud.register.trouble import NotThere
from ombud.rights.signs import sign_of

LONGEST = 200
"""Characters of why somebody is protected."""


class People(Base):
    """Whoever the register knows."""

    def person(self, id: str) -> Person:
        """A person and the identifiers; a value that was wiped is None. Raises NotThere."""
        row = self._all(models.Person).filter(id=id).first()
        if row is None:
            raise NotThere("person")
        identifiers = self._all(models.Identifier).filter(person_id=id).order_by("id")
        protection = Protection(row.why_protected, tuple(row.seen_by)) if row.protected else None
        return Person(id, tuple(self._identity(each) for each in identifiers), protection)

    def persons_of(self, digests: Iterable[str]) -> tuple[str, ...]:
        """The ids of everybody who has one of these keyed hashes. More than one is nobody's proof of being the same."""
        found = self._all(models.Identifier).filter(digest__in=list(digests))
        return tuple(found.values_list("person_id", flat=True).order_by("person_id").distinct())

    def add_identities(self, person: str, identities: Iterable[Identity]) -> None:
        """Add what became known of a person, such as another address in a source. Known ones stay as they are."""
        self.add_identities_of({person: identities})

    def add_identities_of(self, found: Mapping[str, Iterable[Identity]]) -> None:
        """The same of many, by person, in a few statements."""
        rows = [row for person, identities in found.items() for row in self._identifiers(person, identities)]
        with self.transaction():
            self._add(models.Identifier, rows, ignore_conflicts=True)

    def digests_of(self, persons: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The keyed hashes of these persons' identifiers, by person."""
        found: dict[str, set[str]] = {person: set() for person in persons}
        for some in batched(list(found), MOST):
            rows = self._all(models.Identifier).filter(person_id__in=some).values_list("person_id", "digest")
            for person, digest in rows:
                found[person].add(digest)
        return {person: frozenset(digests) for person, digests in found.items()}

    def protect(self, person: str, protection: Protection) -> None:
        """From now on the identity is protected; what is said replaces what was said. Raises NotThere."""
        self.protect_each({person: protection})

    def protect_each(self, protections: Mapping[str, Protection]) -> None:
        """The same of many, by person: one statement for all alike. Raises NotThere where one is not there."""
        alike: dict[Protection, list[str]] = {}
        for person, protection in protections.items():
            alike.setdefault(protection, []).append(person)
        with self.transaction():
            for protection, persons in alike.items():
                said = {"why_protected": _why([protection.why]), "seen_by": list(protection.seen_by)}
                for some in batched(persons, MOST):
                    if self._all(models.Person).filter(id__in=some).update(protected=True, **said) != len(some):
                        raise NotThere("person")
                    self._all(models.Request).filter(person_id__in=some, over_on=None).update(protected=True)

    def unprotect(self, person: str) -> None:
        """The person, or the register that said so, has taken it back. Raises NotThere."""
        with self.transaction():
            if not self._all(models.Person).filter(id=person).update(protected=False, why_protected="", seen_by=[]):
                raise NotThere("person")

    def protection_of(self, digests: Iterable[str]) -> Protection | None:
        """Protection reaches candidates: whoever shares one of these hashes may be meant, and all who may see are
        those whom every such protection that names anybody names; where that is nobody, those whom any names. None
        where nobody who could be meant is protected.
        """
        return self.protections_of([frozenset(digests)])[0]

    def protections_of(self, groups: Sequence[Collection[str]]) -> tuple[Protection | None, ...]:
        """The same for each of several, in a few statements."""
        bearers: dict[str, set[str]] = {}
        for some in batched(list({digest for digests in groups for digest in digests}), MOST):
            rows = self._all(models.Identifier).filter(digest__in=some, person__protected=True)
            for digest, person in rows.values_list("digest", "person_id"):
                bearers.setdefault(digest, set()).add(person)
        protected: dict[str, Any] = {}
        for some in batched(list({person for own in bearers.values() for person in own}), MOST):
            protected |= self._all(models.Person).in_bulk(some)
        every = ({person for digest in digests for person in bearers.get(digest, ())} for digests in groups)
        return tuple(_together([protected[each] for each in sorted(own)]) for own in every)

    def protected_among(self, persons: Collection[str]) -> frozenset[str]:
        """Those of these persons who are protected."""
        rows = (self._all(models.Person).filter(id__in=some, protected=True) for some in batched(list(persons), MOST))
        return frozenset(person for some in rows for person in some.values_list("id", flat=True))

    def found_among(self, persons: Collection[str]) -> frozenset[str]:
        """Those of these persons of whom an identifier was found in a source, and not only said."""
        rows = (self._all(models.Identifier).filter(person_id__in=some) for some in batched(list(persons), MOST))
        found = (some.exclude(source="").values_list("person_id", flat=True) for some in rows)
        return frozenset(person for some in found for person in some)

    def _new_person(self) -> str:
        return self._random(16).hex()

    def _identifiers(self, person: str, identities: Iterable[Identity]) -> list[models.Identifier]:
        return [
            models.Identifier(
                person_id=person,
                kind=each.kind,
                digest=each.digest,
                source=each.source,
                value=None if each.value is None else self._seal.seal_text(each.value, _about(person, each)),
            )
            for each in identities
        ]

    def _identity(self, row: models.Identifier) -> Identity:
        known = Identity(row.kind, row.digest, None, row.source)
        if row.value is None:
            return known
        value = self._seal.open_text(bytes(row.value), _about(row.person_id, known))
        return Identity(row.kind, row.digest, value, row.source)


def _together(found: Sequence[Any]) -> Protection | None:
    """What the protections of persons, any of whom may be meant, come to."""
    if not found:
        return None
    signs = {sign_of(sign): sign for each in reversed(found) for sign in each.seen_by}
    named = [{sign_of(sign) for sign in each.seen_by} for each in found if each.seen_by]
    seen = set(signs).intersection(*named) or set(signs)
    return Protection(_why(each.why_protected for each in found), tuple(sorted(signs[each] for each in seen)))


def _why(reasons: Iterable[str]) -> str:
    """Each reason once, as far as a column holds them."""
    said = "; ".join(dict.fromkeys(part for why in reasons for part in why.split("; ")))
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _about(person: str, identity: Identity) -> str:
    return f"identifier.value/{person}/{identity.kind}/{identity.digest}/{identity.source}"
