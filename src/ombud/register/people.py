"""Persons in the store: sets of identifiers, found by keyed hash alone, never by likeness."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ombud.register import models
from ombud.register.base import MOST, Base, batched
from ombud.register.model import Identity, Person, Protection
from ombud.register.trouble import NotThere


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
        with self.transaction():
            self._add(models.Identifier, self._identifiers(person, identities), ignore_conflicts=True)

    def protect(self, person: str, protection: Protection) -> None:
        """From now on the identity is protected; what is said replaces what was said. Raises NotThere."""
        said = {"protected": True, "why_protected": protection.why, "seen_by": list(protection.seen_by)}
        with self.transaction():
            if not self._all(models.Person).filter(id=person).update(**said):
                raise NotThere("person")
            self._all(models.Request).filter(person_id=person, over_on=None).update(protected=True)

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
        persons = self._all(models.Identifier).filter(digest__in=list(digests)).values("person_id")
        found = list(self._all(models.Person).filter(id__in=persons, protected=True).order_by("id"))
        if not found:
            return None
        signs = {_folded(sign): sign for each in reversed(found) for sign in each.seen_by}
        named = [{_folded(sign) for sign in each.seen_by} for each in found if each.seen_by]
        seen = set(signs).intersection(*named) or set(signs)
        why = "; ".join(dict.fromkeys(each.why_protected for each in found))
        return Protection(why, tuple(sorted(signs[each] for each in seen)))

    def protected_of(self, digests: Collection[str]) -> frozenset[str]:
        """Those of these keyed hashes whose bearer, or one of them, is protected."""
        rows = (
            self._all(models.Identifier)
            .filter(digest__in=some, person__protected=True)
            .values_list("digest", flat=True)
            for some in batched(list(digests), MOST)
        )
        return frozenset(digest for found in rows for digest in found)

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


def _folded(sign: str) -> str:
    """A sign as signs are compared: neither case nor spaces make another person."""
    return " ".join(sign.split()).casefold()


def _about(person: str, identity: Identity) -> str:
    return f"identifier.value/{person}/{identity.kind}/{identity.digest}/{identity.source}"
