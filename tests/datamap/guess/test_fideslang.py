"""A description in fideslang goes before guesses, as far as the database has what it names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ombud.datamap.guess.draft import Draft, drafted
from ombud.datamap.guess.fideslang import NotFideslang, concept_of, read
from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.said import Said
from tests.datamap.guess.small import held, sampled, way

SHOP = """
CREATE TABLE kundregister (nr INTEGER PRIMARY KEY, x1 TEXT, x2 TEXT, email TEXT);
CREATE TABLE rader (nr INTEGER PRIMARY KEY, vem INTEGER, x3 TEXT, doc TEXT);
"""


def field(name: str, *categories: str, legacy: bool = False, **meta: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"name": name, "data_categories": list(categories)} if categories else {"name": name}
    return said | ({"fidesops_meta" if legacy else "fides_meta": meta} if meta else {})


def dataset(key: str = "shop", **collections: list[dict[str, Any]]) -> dict[str, Any]:
    return {"fides_key": key, "collections": [{"name": n, "fields": f} for n, f in collections.items()]}


def said(*datasets: dict[str, Any]) -> Said:
    return read({"dataset": list(datasets)}, "shop", sampled(SHOP).schema)


def draft(*datasets: dict[str, Any]) -> Draft:
    database = sampled(SHOP)
    return drafted("shop", replace(database, said=read({"dataset": list(datasets)}, "shop", database.schema)))


def test_what_no_name_says_is_said() -> None:
    made = draft(dataset(kundregister=[field("x1", "user.name"), field("x2", "user.contact.address.street")]))
    found = held(made.tables["kundregister"])
    assert found["x1"] == "name"
    assert found["x2"] == "address"


def test_what_a_name_says_and_somebody_denies_is_nothing() -> None:
    made = draft(dataset(kundregister=[field("x1", "user.name"), field("email", "system.operations")]))
    assert "email" not in held(made.tables["kundregister"])


@pytest.mark.parametrize("direction", ["from", "to"])
@pytest.mark.parametrize("legacy", [True, False])
def test_two_columns_that_meet_are_a_link_to_whose_key_it_is(direction: str, legacy: bool) -> None:
    meet = [{"dataset": "shop", "field": "kundregister.nr", "direction": direction}]
    customers = [field("x1", "user.name"), field("email", "user.contact.email", identity="email")]
    made = draft(dataset(kundregister=customers, rader=[field("vem", legacy=legacy, references=meet)]))
    assert way(made.tables["rader"]) == ["rader.vem"]
    (link,) = said(dataset(rader=[field("vem", references=meet)])).references
    assert (link.table, link.columns, link.to, link.target) == ("rader", ("vem",), "kundregister", ("nr",))
    back = [{"dataset": "shop", "field": "rader.vem", "direction": direction}]
    assert said(dataset(kundregister=[field("nr", references=back)])).references == (link,)


def test_what_meets_another_database_is_no_link_here() -> None:
    meet = [{"dataset": "elsewhere", "field": "kundregister.nr"}]
    assert said(dataset(rader=[field("vem", references=meet)])).references == ()


def test_fields_inside_a_field_are_paths_of_a_document() -> None:
    inner = [field("mail", "user.contact.email"), {"name": "deep", "fields": [field("theme", "system.operations")]}]
    found = said(dataset(rader=[{"name": "doc", "fields": inner}]))
    assert {path: each.concept for path, each in found.paths["rader", "doc"].items()} == {
        "mail": Concept.EMAIL,
        "deep.theme": None,
    }
    assert found.columns["rader", "doc"].concept is Concept.OTHER


def test_what_the_database_does_not_have_is_told() -> None:
    made = said(dataset(gone=[field("a")], kundregister=[field("b"), field("x1", "user.name")]))
    assert made.missing == ("gone", "kundregister.b")


def test_a_collection_may_be_called_with_its_schema() -> None:
    collection = {"name": "public.kundregister", "fields": [field("x1", "user.name")]}
    assert ("kundregister", "x1") in said({"fides_key": "shop", "collections": [collection]}).columns


@pytest.mark.parametrize(
    ("category", "concept"),
    [
        ("user.contact.email", Concept.EMAIL),
        ("user.provided.identifiable.contact.email", Concept.EMAIL),
        ("user.derived.identifiable.device.ip_address", Concept.IP),
        ("account_data.contact.phone_number", Concept.PHONE),
        ("user.contact.address.street", Concept.ADDRESS),
        ("user.name.first", Concept.NAME),
        ("user.government_id.national_identification_number", Concept.IDENTITY_NUMBER),
        ("user.something_new", Concept.OTHER),
        ("user", Concept.OTHER),
        ("our.own", Concept.OTHER),
        ("system.operations", None),
    ],
)
def test_the_nearest_category_above_counts(category: str, concept: Concept | None) -> None:
    assert concept_of(category) is concept


def test_of_several_datasets_that_of_the_sources_name_counts() -> None:
    ours, other = dataset(kundregister=[field("x1", "user.name")]), dataset("other", rader=[field("x3", "user.name")])
    assert set(said(other, ours).columns) == {("kundregister", "x1")}
    with pytest.raises(NotFideslang, match="other, third"):
        read({"dataset": [other, dataset("third", rader=[])]}, "shop", sampled(SHOP).schema)


@pytest.mark.parametrize("document", [None, [], "text", {}, {"dataset": 7}, {"dataset": [{"fides_key": "a"}]}])
def test_what_describes_no_database_is_refused(document: Any) -> None:
    with pytest.raises(NotFideslang):
        read(document, "shop", sampled(SHOP).schema)


def test_odd_forms_inside_are_passed_over() -> None:
    odd = {"fides_key": "shop", "collections": ["x", {"name": 7}, {"name": "rader", "fields": "none"}]}
    worse = {"name": "rader", "fields": [{"name": "vem", "fides_meta": {"references": ["x", {"field": 7}]}}]}
    assert said(odd | {"collections": [*odd["collections"], worse]}).columns == {}
