"""A dataset in fideslang (taxonomy 3, and the longer names of earlier ones), read as a description of a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.said import Said, Saying
from ombud.datamap.schema import Reference, Schema

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


class NotFideslang(Exception):
    """The file describes no database, or several: the message says which."""


def read(document: Any, source: str, schema: Schema) -> Said:
    """What a document's dataset says of this database. Raises NotFideslang.

    Of several datasets, that whose `fides_key` is the source's name. Collections may be called `schema.table`.
    """
    dataset = _chosen(document, source)
    found = _Found(schema)
    for collection in _list(dataset, "collections"):
        table = found.table(str(collection.get("name", "")))
        if table is None:
            continue
        for each in _list(collection, "fields"):
            found.field(table, each, [*_categories(dataset), *_categories(collection)], str(dataset.get("fides_key")))
    return found.said()


def _chosen(document: Any, source: str) -> Mapping[str, Any]:
    said = document.get("dataset") if isinstance(document, Mapping) else document
    datasets = [each for each in (said if isinstance(said, list) else [said]) if isinstance(each, Mapping)]
    datasets = [each for each in datasets if isinstance(each.get("collections"), list)]
    named = [each for each in datasets if each.get("fides_key") == source]
    if len(named) == 1 or len(datasets) == 1:
        return (named or datasets)[0]
    if not datasets:
        raise NotFideslang("it has no `dataset` with `collections`")
    keys = ", ".join(str(each.get("fides_key")) for each in datasets)
    raise NotFideslang(f"it describes several databases, and none, or more than one, is called {source}: {keys}")


@dataclass
class _Found:
    schema: Schema
    columns: dict[tuple[str, str], Saying] = field(default_factory=dict)
    paths: dict[tuple[str, str], dict[str, Saying]] = field(default_factory=dict)
    pairs: list[tuple[str, str, str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def table(self, name: str) -> str | None:
        for each in (name, name.rpartition(".")[2]):
            if each in self.schema.tables:
                return each
        self.missing.append(name)
        return None

    def field(self, table: str, said: Mapping[str, Any], above: Iterable[str], dataset: str) -> None:
        column = str(said.get("name", ""))
        if column not in self.schema.tables[table].columns:
            self.missing.append(f"{table}.{column}")
            return
        if (saying := _saying([*_categories(said), *above], _meta(said).get("identity"))) is not None:
            self.columns[table, column] = saying
        inner = dict(_inner(said))
        if inner:
            self.paths[table, column] = inner
            if any(each.concept for each in inner.values()):
                self.columns[table, column] = Saying(Concept.OTHER, "fideslang has personal fields inside it")
        references = _meta(said).get("references")
        for each in references if isinstance(references, list) else ():
            to, _, target = str(each.get("field", "") if isinstance(each, Mapping) else "").rpartition(".")
            if to and str(each.get("dataset")) == dataset:
                self.pairs.append((table, column, to, target))

    def said(self) -> Said:
        return Said(self.columns, self.paths, tuple(self._references()), tuple(self.missing))

    def _references(self) -> Iterator[Reference]:
        """Fideslang says that two columns meet; which of them refers is told by whose is a key."""
        for table, column, other, target in self.pairs:
            to = other if other in self.schema.tables else other.rpartition(".")[2]
            if to not in self.schema.tables or target not in self.schema.tables[to].columns:
                self.missing.append(f"{other}.{target}")
            elif self._tells(to, target):
                yield Reference(table, (column,), to, (target,))
            elif self._tells(table, column):
                yield Reference(to, (target,), table, (column,))

    def _tells(self, table: str, column: str) -> bool:
        known = self.schema.tables[table]
        return known.key == (column,) or known.columns[column].unique


def _saying(categories: Iterable[str], identity: Any) -> Saying | None:
    said = [str(each) for each in categories]
    own = [(concept, each) for each in said if (concept := concept_of(each)) is not None]
    if identity == "email":
        return Saying(Concept.EMAIL, "fideslang knows people by it")
    if identity == "phone_number":
        return Saying(Concept.PHONE, "fideslang knows people by it")
    if own:
        concept, named = next((each for each in own if each[0] is not Concept.OTHER), own[0])
        return Saying(concept, f"fideslang: {named}")
    return Saying(None, f"fideslang: {', '.join(said)}") if said else None


def concept_of(category: str) -> Concept | None:
    """What a category of fideslang is, by the nearest above it that is known; None where it is no person's."""
    parts = [part for part in category.split(".") if part not in _EARLIER]
    if parts[:1] == ["account_data"]:  # who holds an account is a user
        parts[0] = "user"
    if not parts or parts[0] in _NOTHING:
        return None
    for many in range(len(parts), 0, -1):
        if (found := _CONCEPTS.get(".".join(parts[:many]))) is not None:
            return found
    return Concept.OTHER


def _inner(said: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Saying]]:
    """The fields inside a document, those alone that have none inside them."""
    for each in _list(said, "fields"):
        name = f"{path}.{each.get('name', '')}" if path else str(each.get("name", ""))
        if _list(each, "fields"):
            yield from _inner(each, name)
        elif (saying := _saying(_categories(each), None)) is not None:
            yield name, saying


def _list(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = said.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _categories(said: Mapping[str, Any]) -> list[str]:
    found = said.get("data_categories")
    return [str(each) for each in found] if isinstance(found, list) else []


def _meta(said: Mapping[str, Any]) -> Mapping[str, Any]:
    found = said.get("fides_meta") or said.get("fidesops_meta")
    return found if isinstance(found, Mapping) else {}
