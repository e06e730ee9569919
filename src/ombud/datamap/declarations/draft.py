"""All that the systems of some files say, as the parts of one policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ombud.datamap.declarations import sources
from ombud.datamap.declarations.categories import Categories
from ombud.datamap.declarations.names import Names, slug
from ombud.datamap.declarations.purposes import Drafted, drafted, together
from ombud.datamap.declarations.recipients import Recipient, Recipients
from ombud.datamap.declarations.sources import Source, Tables
from ombud.datamap.declarations.systems import DEFAULT_ORGANISATION, Organisation, System, organisations, systems
from ombud.datamap.guess.form import NotFideslang
from ombud.datamap.guess.quoting import sentence
from ombud.datamap.guess.vocabulary import Vocabulary


@dataclass
class Described:
    """What files say: systems, whose they are, and the datasets beside them."""

    systems: dict[str, System] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    datasets: dict[str, Tables] = field(default_factory=dict)

    def read(self, document: Any) -> None:
        """Take in one more file. Raises NotFideslang."""
        for each in systems(document):
            if each.key in self.systems:
                hint = "leave one of them out"
                raise NotFideslang(f"the system {sentence(each.key)} is described twice", (), hint)
            self.systems[each.key] = each
        self.organisations |= {each.key: each for each in organisations(document)}
        self.datasets |= sources.described(document)


@dataclass(frozen=True)
class Company:
    """A company, from an organisation; `name` is "" where nothing says it."""

    key: str
    name: str
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A policy's parts. `companies` are by the name they have there, `purposes` too; `sources` by a dataset's key."""

    companies: Mapping[str, Company]
    categories: Categories
    recipients: tuple[Recipient, ...]
    purposes: Mapping[str, Drafted]
    sources: Mapping[str, Source]
    homeless: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def group(self) -> str:
        """What the group is called, where there is one company and it has a name."""
        (name, *more) = [each.name for each in self.companies.values()]
        return "" if more else name

    def held_by(self, purpose: Drafted) -> tuple[str, ...]:
        """The companies that have a purpose; none where all do."""
        some = tuple(name for name, each in self.companies.items() if each.key in purpose.organisations)
        return () if len(some) == len(self.companies) else some


def draft(said: Described, vocabulary: Vocabulary) -> Draft:
    """The policy that these declarations come to. Raises NotFideslang where there is none."""
    if not said.systems:
        hint = "give a file with `system:`; a dataset is read by `ombud discover --fideslang`"
        raise NotFideslang("it has no `system` with `privacy_declarations`", (), hint)
    if not any(each.declarations for each in said.systems.values()):
        raise NotFideslang(
            "no system has a privacy declaration, so there is no purpose", (), "add privacy_declarations"
        )
    categories, recipients = Categories(vocabulary), Recipients(said.systems)
    equal, places = dict[tuple[object, ...], list[Drafted]](), dict[tuple[object, ...], dict[str, str]]()
    for system in said.systems.values():
        for declaration in system.declarations:
            one = drafted(system, declaration, categories, recipients)
            at = one.content
            equal.setdefault(at, []).append(one)
            for key, way in sources.named(system, declaration):
                places.setdefault(at, {}).setdefault(key, way)
    merged, names = {at: together(same) for at, same in equal.items()}, Names()
    called = {at: names.take(*_wanted(one)) for at, one in merged.items()}
    found = dict[str, Source]()
    for at, name in called.items():
        for key, way in places.get(at, {}).items():
            found.setdefault(key, Source()).purposes[name] = way
    data = {called[at]: _paths(one) for at, one in merged.items()}
    for key, source in found.items():
        own = {name: data[name] for name in source.purposes}
        source.tables = sources.of_tables(said.datasets.get(key, {}), own, categories)
    return Draft(
        _companies(said),
        categories,
        tuple(recipients.found.values()),
        {called[at]: one for at, one in merged.items()},
        found,
        tuple(name for at, name in called.items() if at not in places),
        tuple(_remarks(said.systems.values())),
    )


def _wanted(one: Drafted) -> tuple[str, ...]:
    """What a purpose may be called: as it was declared, else with its system's name too."""
    first = one.origins[0]
    name = slug(first.declaration, first.use)
    return name, f"{name}_of_{slug(first.system)}"


def _paths(one: Drafted) -> tuple[str, ...]:
    return one.data.said if isinstance(one.data.said, tuple) else ()


def _companies(said: Described) -> dict[str, Company]:
    names, found = Names(), dict[str, Company]()
    for key in dict.fromkeys(system.organisation for system in said.systems.values()):
        known = said.organisations.get(key, Organisation(key, ""))
        wanted = ("company",) if key == DEFAULT_ORGANISATION and not known.name else (slug(known.name, key),)
        found[names.take(*wanted)] = Company(key, sentence(known.name), known.unread)
    return found


def _remarks(every: Iterable[System]) -> Iterable[str]:
    """What systems say that no purpose has a place for."""
    for system in every:
        if not system.declarations:
            yield f"system {sentence(system.key)} has no privacy declaration, so no purpose comes from it"
        if system.unread:
            yield f"system {sentence(system.key)}: not read: {sentence(', '.join(system.unread))}"
