"""The form of a dataset in fideslang: collections of fields, each with what is said of it, in the file's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ombud.datamap.guess.form import NotFideslang, Where, mappings, texts


@dataclass(frozen=True)
class Meeting:
    """A field of a dataset that a field is said to meet: `collection.field`."""

    dataset: str
    field: str


@dataclass(frozen=True)
class Field:
    """`identity`: what people are known by in it, else "". `array`: it holds many values, or many of its fields."""

    name: str
    categories: tuple[str, ...] = ()
    identity: str = ""
    array: bool = False
    references: tuple[Meeting, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether something is said of it, or of a field inside it."""
        return bool(self.categories or self.identity) or any(each.speaks for each in self.fields)


@dataclass(frozen=True)
class Collection:
    """What is said of a table; its categories are for those of its fields that say nothing."""

    name: str
    categories: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Dataset:
    """What is said of a database."""

    key: str
    categories: tuple[str, ...]
    collections: tuple[Collection, ...]


def dataset(document: Any, source: str, key: str | None = None) -> Dataset:
    """The dataset of that key; else that whose key is the source's name, or the only one. Raises NotFideslang."""
    found, where = _chosen(document, source, key)
    collections = (
        Collection(_name(each, at), _categories(each, at), tuple(_fields(each, at)))
        for each, at in mappings(found, where, "collections")
    )
    return Dataset(str(found.get("fides_key")), _categories(found, where), tuple(collections))


def _chosen(document: Any, source: str, key: str | None) -> tuple[Mapping[str, Any], Where]:
    start: Where = ("dataset",) if isinstance(document, Mapping) else ()
    said = document.get("dataset") if isinstance(document, Mapping) else document
    every = [(each, (*start, n)) for n, each in enumerate(said)] if isinstance(said, list) else [(said, start)]
    datasets = [(e, at) for e, at in every if isinstance(e, Mapping) and e.get("collections") is not None]
    named = [each for each in datasets if each[0].get("fides_key") == (key or source)]
    if len(named) == 1 or (len(datasets) == 1 and key is None):
        return (named or datasets)[0]
    if not datasets:
        raise NotFideslang("it has no `dataset` with `collections`", (), "give a file with `dataset:`")
    keys = ", ".join(str(each.get("fides_key")) for each, _ in datasets)
    what = "it describes several databases, and none" if len(datasets) > 1 else "its dataset is another: none"
    raise NotFideslang(f"{what}, or more than one, is called {key or source}: {keys}", start, "--dataset KEY names one")


def _fields(said: Mapping[str, Any], where: Where) -> Iterator[Field]:
    for each, at in mappings(said, where, "fields"):
        meta, beneath = _meta(each, at)
        references = [
            Meeting(str(to.get("dataset", "")), str(to.get("field", "")))
            for to, _ in mappings(meta, beneath, "references")
        ]
        yield Field(
            _name(each, at),
            _categories(each, at),
            str(meta.get("identity") or ""),
            str(meta.get("data_type") or "").endswith("[]"),
            tuple(references),
            tuple(_fields(each, at)),
        )


def _meta(said: Mapping[str, Any], where: Where) -> tuple[Mapping[str, Any], Where]:
    """`fidesops_meta` is what it was called earlier."""
    name = "fides_meta" if said.get("fides_meta") is not None else "fidesops_meta"
    found = said.get(name)
    if not isinstance(found, Mapping | None):
        raise NotFideslang(f"{name} is no mapping", (*where, name), f"write `{name}: {{data_type: string}}`")
    return found or {}, (*where, name)


def _name(said: Mapping[str, Any], where: Where) -> str:
    found = said.get("name")
    if found is None or isinstance(found, Mapping | list):
        raise NotFideslang("a collection or a field has no name", where, "write `- name: …`")
    return str(found)


def _categories(said: Mapping[str, Any], where: Where) -> tuple[str, ...]:
    return texts(said, where, "data_categories", "user.name", "categories")
