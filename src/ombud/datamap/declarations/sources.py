"""Which purposes belong to which source's map: by the datasets that systems name, and what these describe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ombud.datamap.declarations.categories import Categories
from ombud.datamap.declarations.systems import Declaration, System
from ombud.datamap.guess.dataset import Field, dataset
from ombud.datamap.guess.form import mappings, text
from ombud.policy.model import TEXT, covers

Tables = Mapping[str, frozenset[str]]
"""By collection, fideslang's categories in it."""


@dataclass
class Source:
    """A dataset: the purposes that name it, how each came to, and the purposes of each of its tables, where known."""

    purposes: dict[str, str] = field(default_factory=dict)
    tables: dict[str, tuple[str, ...]] = field(default_factory=dict)


def described(document: Any) -> dict[str, Tables]:
    """The datasets of a document by key, with what their collections hold. Raises NotFideslang."""
    found = dict[str, Tables]()
    if not isinstance(document, Mapping) or not isinstance(document.get("dataset"), list):
        return found
    for each, at in mappings(document, (), "dataset"):
        key = text(each, at, "fides_key")
        if key and key not in found and each.get("collections") is not None:
            made = dataset({"dataset": [each]}, key, key)
            found[key] = {
                collection.name: frozenset((*made.categories, *collection.categories, *_all(collection.fields)))
                for collection in made.collections
            }
    return found


def named(system: System, said: Declaration) -> Iterator[tuple[str, str]]:
    """The datasets where a declaration's data lies, and by what each is named."""
    for key in said.datasets or system.datasets:
        yield key, "dataset_references"
    for way, flows, only in (("egress", system.egress, said.egress), ("ingress", system.ingress, said.ingress)):
        for flow in flows:
            if flow.type == "dataset" and (only is None or flow.key in only):
                yield flow.key, way


def of_tables(
    tables: Tables, purposes: Mapping[str, tuple[str, ...]], categories: Categories
) -> dict[str, tuple[str, ...]]:
    """By table, the purposes whose data covers a category in it that has a name of its own."""
    found = dict[str, tuple[str, ...]]()
    for table, said in tables.items():
        paths = {path for each in said if (path := categories.path(each)) not in ("", TEXT)}
        held = (name for name, data in purposes.items() if any(covers(frozenset(data), path) for path in paths))
        if some := tuple(held):
            found[table] = some
    return found


def _all(fields: tuple[Field, ...]) -> Iterator[str]:
    for each in fields:
        yield from each.categories
        yield from _all(each.fields)
