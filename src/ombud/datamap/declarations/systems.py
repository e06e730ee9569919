"""The form of a system in fideslang: its privacy declarations and where its data goes, in the file's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ombud.datamap.guess.form import NotFideslang, Where, mappings, text, texts

DEFAULT_ORGANISATION = "default_organization"
"""Whose a system is where it does not say."""

_SYSTEM = frozenset(
    "fides_key name system_type organization_fides_key privacy_declarations egress ingress dataset_references"
    " responsibility data_responsibility_title".split()
)
_DECLARATION = frozenset(
    "name data_use data_categories data_subjects data_qualifier dataset_references legal_basis_for_processing"
    " flexible_legal_basis_for_processing retention_period processes_special_category_data special_category_legal_basis"
    " data_shared_with_third_parties third_parties shared_categories egress ingress".split()
)
"""The keys that are read; every other that says something is told by its name."""

_OUTSIDE = ("third party", "vendor", "processor", "partner")
"""Words in a `system_type` that say that a system is somebody else's."""

_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
"""As YAML 1.1 reads them too, for which these files were written."""


@dataclass(frozen=True)
class Flow:
    """A system or dataset that data goes to, or comes from; or `user`, the person."""

    key: str
    type: str


@dataclass(frozen=True)
class Declaration:
    """One declaration. `shared` is True, False, or None where nothing is said; `egress` None: all of its system's."""

    name: str
    use: str
    categories: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    qualifier: str = ""
    datasets: tuple[str, ...] = ()
    basis: str = ""
    flexible: bool = False
    retention: str = ""
    special: bool = False
    article9: str = ""
    shared: bool | None = None
    third_parties: str = ""
    shared_categories: tuple[str, ...] = ()
    egress: tuple[str, ...] | None = None
    ingress: tuple[str, ...] | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class System:
    """A system: whose it is, what it declares, where its data comes from and goes to."""

    key: str
    name: str
    type: str
    organisation: str
    responsibility: tuple[str, ...]
    datasets: tuple[str, ...]
    egress: tuple[Flow, ...]
    ingress: tuple[Flow, ...]
    declarations: tuple[Declaration, ...]
    unread: tuple[str, ...] = ()

    @property
    def outside(self) -> bool:
        """Whether it is said to be somebody else's."""
        said = self.type.lower().replace("_", " ").replace("-", " ")
        return any(word in said for word in _OUTSIDE) or any(
            "processor" in each.lower() for each in self.responsibility
        )


@dataclass(frozen=True)
class Organisation:
    """Whose systems are; `unread`: what else is said of it."""

    key: str
    name: str
    unread: tuple[str, ...] = ()


def systems(document: Any) -> tuple[System, ...]:
    """The systems of a document, none where it is about something else. Raises NotFideslang."""
    return tuple(_system(each, at) for each, at in _resources(document, "system", "privacy_declarations"))


def organisations(document: Any) -> tuple[Organisation, ...]:
    """The organisations of a document. Raises NotFideslang."""
    return tuple(
        Organisation(
            text(each, at, "fides_key"), text(each, at, "name"), _unread(each, frozenset({"fides_key", "name"}))
        )
        for each, at in _resources(document, "organization", None)
    )


def _resources(document: Any, name: str, without: str | None) -> Iterator[tuple[Mapping[str, Any], Where]]:
    """What stands under a name, one or a list; `without` the name, what has this key."""
    if isinstance(document, Mapping) and document.get(name) is not None:
        said = document[name]
        yield from mappings({name: said}, (), name) if not isinstance(said, Mapping) else [(said, (name,))]
        return
    bare = document if isinstance(document, list) else [document]
    for n, each in enumerate(bare):
        if without is not None and isinstance(each, Mapping) and without in each:
            yield each, (n,) if isinstance(document, list) else ()


def _system(said: Mapping[str, Any], where: Where) -> System:
    key = text(said, where, "fides_key")
    if not key.strip():
        raise NotFideslang("a system has no fides_key", where, "write `- fides_key: …`")
    return System(
        key,
        text(said, where, "name"),
        text(said, where, "system_type"),
        text(said, where, "organization_fides_key") or DEFAULT_ORGANISATION,
        texts(said, where, "responsibility", "Controller")
        or texts(said, where, "data_responsibility_title", "Controller"),
        texts(said, where, "dataset_references", "crm", "datasets"),
        tuple(_flows(said, where, "egress")),
        tuple(_flows(said, where, "ingress")),
        tuple(_declaration(each, at) for each, at in mappings(said, where, "privacy_declarations")),
        _unread(said, _SYSTEM),
    )


def _flows(said: Mapping[str, Any], where: Where, name: str) -> Iterator[Flow]:
    for each, at in mappings(said, where, name):
        key = text(each, at, "fides_key")
        if not key.strip():
            raise NotFideslang(f"{name} has an item without fides_key", at, "write `- {fides_key: …, type: system}`")
        yield Flow(key, text(each, at, "type").lower())


def _declaration(said: Mapping[str, Any], where: Where) -> Declaration:
    use = text(said, where, "data_use").strip()
    if not use:
        hint = "write `data_use: essential.service`, or another"
        raise NotFideslang("a privacy declaration has no data_use", where, hint)
    return Declaration(
        text(said, where, "name"),
        use,
        texts(said, where, "data_categories", "user.name", "categories"),
        texts(said, where, "data_subjects", "customer"),
        text(said, where, "data_qualifier"),
        texts(said, where, "dataset_references", "crm", "datasets"),
        text(said, where, "legal_basis_for_processing"),
        _flag(said, where, "flexible_legal_basis_for_processing") or False,
        text(said, where, "retention_period"),
        _flag(said, where, "processes_special_category_data") or False,
        text(said, where, "special_category_legal_basis"),
        _flag(said, where, "data_shared_with_third_parties"),
        text(said, where, "third_parties"),
        texts(said, where, "shared_categories", "user.name", "categories"),
        None if said.get("egress") is None else texts(said, where, "egress", "crm"),
        None if said.get("ingress") is None else texts(said, where, "ingress", "crm"),
        _unread(said, _DECLARATION),
    )


def _flag(said: Mapping[str, Any], where: Where, name: str) -> bool | None:
    found = text(said, where, name).lower()
    if not found:
        return None
    if found not in _FLAGS:
        raise NotFideslang(f"{name} is neither true nor false", (*where, name), f"write `{name}: true`, or false")
    return _FLAGS[found]


def _unread(said: Mapping[str, Any], read: frozenset[str]) -> tuple[str, ...]:
    """The keys that say something, and that nothing here reads."""
    return tuple(
        key for key, value in said.items() if key not in read and value not in (None, "", "false", "False", [], {})
    )
