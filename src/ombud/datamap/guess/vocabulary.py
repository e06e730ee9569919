"""Which category of a policy a concept is: by the words of the category's name, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ombud.datamap.guess.lexicon import WORDS, Concept
from ombud.datamap.guess.words import has, words
from ombud.policy.model import TEXT

USUAL = {
    Concept.NAME: "contact.name",
    Concept.EMAIL: "contact.email",
    Concept.PHONE: "contact.phone",
    Concept.ADDRESS: "contact.address",
    Concept.IDENTITY_NUMBER: "identity_number",
    Concept.BIRTH_DATE: "birth_date",
    Concept.IP: "network.ip",
    Concept.FREE_TEXT: TEXT,
    Concept.OTHER: TEXT,
}
"""What a category is called where no policy says otherwise; a concept that is not here has its own name."""

_NEAR = {
    Concept.USERNAME: (Concept.CREDENTIAL, Concept.NAME),
    Concept.CREDENTIAL: (Concept.USERNAME,),
    Concept.LINK: (Concept.EMAIL, Concept.ADDRESS),
    Concept.ORGANISATION: (Concept.NAME,),
    Concept.LANGUAGE: (Concept.PREFERENCE,),
    Concept.LOCATION: (Concept.ADDRESS,),
    Concept.BIRTH_DATE: (Concept.IDENTITY_NUMBER,),
}
"""Where a policy has no category of its own for a concept, those whose category holds it too."""

_SAME = {
    Concept.CREDENTIAL: (("credential",), ("credentials",), ("login",)),
    Concept.ADDRESS: (("address",), ("adress",)),
    Concept.IDENTITY_NUMBER: (("identity", "number"), ("personnummer",)),
    Concept.NAME: (("name",), ("namn",)),
    Concept.IP: (("ip",), ("ip", "address"), ("network",), ("natverk",)),
    Concept.HEALTH: (("health",), ("halsa",)),
    Concept.PURCHASE: (("purchases",), ("purchase",), ("kop",), ("orders",)),
    Concept.PREFERENCE: (("preferences",), ("settings",)),
    Concept.PAYMENT: (("payment",), ("payments",), ("betalning",)),
}


@dataclass(frozen=True)
class Vocabulary:
    """The categories of a policy, or none where there is no policy."""

    categories: frozenset[str] = frozenset()
    _known: dict[Concept, str] = field(default_factory=dict)

    def category(self, concept: Concept) -> str:
        """The category that a concept is; what it is usually called where the policy has nothing near."""
        if concept not in self._known:
            self._known[concept] = self._found(concept)
        return self._known[concept]

    def _found(self, concept: Concept) -> str:
        usual = USUAL.get(concept, concept.value)
        if not self.categories or usual == TEXT or usual in self.categories:
            return usual
        for each in (concept, *_NEAR.get(concept, ())):
            phrases = (*_SAME.get(each, ()), (each.value,), *(sorted(WORDS[each].strong) if each in WORDS else ()))
            if found := self._called(phrases):
                return found
        return usual

    def _called(self, phrases: Iterable[tuple[str, ...]]) -> str:
        for phrase in phrases:
            fitting = [c for c in self.categories if has(words(c.rsplit(".", 1)[-1]), phrase) == 0]
            if fitting:
                return min(fitting, key=lambda c: (len(c), c))
        return ""
