"""A description in fideslang goes before guesses, as far as the database has what it names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ombud.datamap.guess.draft import Draft, drafted
from ombud.datamap.guess.fideslang import read
from ombud.datamap.guess.form import NotFideslang
from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.said import Said
from ombud.datamap.guess.taxonomy import concept_of
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


def concepts(found: Said) -> dict[str, Concept | None]:
    """By column, whatever its table."""
    return {column: each.concept for (_, column), each in found.columns.items()}


def said(*datasets: dict[str, Any]) -> Said:
    return read({"dataset": list(datasets)}, "shop", sampled(SHOP).schema)


def draft(*datasets: dict[str, Any], script: str = SHOP) -> Draft:
    database = sampled(script)
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


@pytest.mark.parametrize(
    ("collection", "where"),
    [
        ("x", ()),
        ({"fields": []}, ()),
        ({"name": "rader", "fields": "none"}, ("fields",)),
        ({"name": "rader", "fields": {"vem": {"data_categories": ["user"]}}}, ("fields",)),
        ({"name": "rader", "fields": ["vem"]}, ("fields", 0)),
        ({"name": "rader", "fields": [{"name": "vem", "fides_meta": "x"}]}, ("fields", 0, "fides_meta")),
        ({"name": "rader", "fields": [{"name": "v", "fides_meta": {"references": {"field": "a"}}}]}, (
            "fields", 0, "fides_meta", "references",
        )),
        ({"name": "rader", "fields": [{"name": "vem", "data_categories": {"user": 1}}]}, (
            "fields", 0, "data_categories",
        )),
    ],
)  # fmt: skip
def test_another_form_inside_is_refused_with_its_place_and_a_way_out(collection: Any, where: tuple[Any, ...]) -> None:
    with pytest.raises(NotFideslang) as refused:
        said({"fides_key": "shop", "collections": [collection]})
    assert refused.value.where == ("dataset", 0, "collections", 0, *where)
    assert refused.value.hint


def test_one_category_may_be_written_without_a_list() -> None:
    assert concepts(said(dataset(rader=[{"name": "vem", "data_categories": "user.name"}]))) == {"vem": Concept.NAME}


def test_nothing_under_a_key_is_nothing() -> None:
    empty = {"name": "rader", "fields": [{"name": "vem", "fields": None, "data_categories": None, "fides_meta": None}]}
    assert said({"fides_key": "shop", "collections": [empty, {"name": "kundregister", "fields": None}]}).columns == {}


def test_a_fields_own_word_goes_before_its_collections_and_a_silent_one_has_that_of_the_nearest() -> None:
    silent = {"name": "doc", "fields": [field("a", "user.name"), field("b")]}
    described = dataset(rader=[field("vem", "system.operations"), field("x3"), silent])
    described["collections"][0]["data_categories"] = ["user.contact"]
    found = said(described | {"data_categories": ["system"]})
    assert concepts(found) == {"vem": None, "x3": Concept.OTHER, "doc": Concept.OTHER}
    assert found.columns["rader", "x3"].reason == "fideslang: user.contact, of its collection"
    assert {p: (s.concept, s.reason) for p, s in found.paths["rader", "doc"].items()} == {
        "a": (Concept.NAME, "fideslang: user.name"),
        "b": (Concept.OTHER, "fideslang: user.contact, of its collection"),
    }
    of_all = said(dataset(rader=[field("vem")]) | {"data_categories": ["user"]})
    assert of_all.columns["rader", "vem"].reason == "fideslang: user, of its dataset"


CHILDREN: dict[str, Any] = {"name": "barn", "fields": [field("namn", "user.name")]}
TWO = CHILDREN | {"fields": [*CHILDREN["fields"], field("mail", "user.contact.email"), field("x", "system")]}
ARRAY = {"fides_meta": {"data_type": "object[]"}}


@pytest.mark.parametrize(("inner", "concept"), [(CHILDREN, Concept.NAME), (TWO, Concept.OTHER)])
@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("by the dataset", "NULL"),
        ("by both", """'{"barn": [{"namn": "Ada"}], "x": 1}'"""),
        ("by the rows", """'{"barn": [{"namn": "Ada"}], "x": 1}'"""),
        ("by the rows", """'{"barn": []}'"""),
    ],
)
def test_an_array_is_one_cell(inner: dict[str, Any], concept: Concept, text: str, told: str) -> None:
    described = dataset(rader=[{"name": "doc", "fields": [inner | ({} if told == "by the rows" else ARRAY)]}])
    made = draft(described, script=SHOP + f"INSERT INTO rader VALUES (1, 1, 'x', {text})")
    found = made.tables["rader"].paths["doc"]
    assert "barn" in found
    assert not [path for path in found if path.startswith("barn.")]
    assert found["barn"].concept is concept
    assert "array" in found["barn"].reason


@pytest.mark.parametrize("told", ["by the dataset", "by the rows"])
def test_a_column_that_is_an_array_is_one_cell(told: str) -> None:
    column = {"name": "doc", "fields": CHILDREN["fields"]} | (ARRAY if told == "by the dataset" else {})
    script = SHOP + """INSERT INTO rader VALUES (1, 1, 'x', '[{"namn": "Ada"}]')"""
    made = draft(dataset(rader=[column]), script=script).tables["rader"]
    assert made.holds["doc"].concept is Concept.NAME
    assert not made.paths.get("doc")


def test_a_value_beside_an_object_is_one_cell_with_it() -> None:
    values = '(1, 1, \'x\', \'{"a": {"email": "a@x.example"}}\'), (2, 1, \'x\', \'{"a": "b@x.example"}\')'
    made = draft(dataset(rader=[field("doc", "user")]), script=SHOP + f"INSERT INTO rader VALUES {values}")
    assert {path: guess.concept for path, guess in made.tables["rader"].paths["doc"].items()} == {"a": Concept.EMAIL}


def test_what_meets_a_column_that_people_are_known_by_says_whose_its_row_is() -> None:
    meet = [{"dataset": "shop", "field": "kundregister.email"}]
    customers = [field("x1", "user.name"), field("email", "user.contact.email", identity="email")]
    row = [field("vem", references=meet), field("x3", "user.name"), field("doc", "user.contact.email")]
    for described in (dataset(kundregister=customers, rader=row), dataset(rader=row, kundregister=customers)):
        made = draft(described)
        assert made.tables["rader"].subject is None
        assert made.tables["rader"].by_identifier == ("email", "vem")
        assert said(described).owners == {"rader": "vem"}
        assert said(described).unused == ()
    back = field(
        "email", "user.contact.email", identity="email", references=[{"dataset": "shop", "field": "rader.vem"}]
    )
    assert said(dataset(kundregister=[back], rader=[field("vem")])).owners == {"rader": "vem"}


def test_a_reference_that_is_not_used_is_told() -> None:
    meet = [{"dataset": "shop", "field": "kundregister.x2"}, {"dataset": "crm", "field": "a.b"}, {"field": "a.c"}]
    inner = {"name": "doc", "fields": [field("a", references=[{"dataset": "shop", "field": "kundregister.nr"}])]}
    found = said(dataset(rader=[field("vem", references=meet), inner]))
    assert (found.references, found.owners) == ((), {})
    assert found.unused == (
        "rader.vem to crm.a.b", "rader.vem to .a.c", "rader.doc.a to shop.kundregister.nr",
        "rader.vem to kundregister.x2",
    )  # fmt: skip


def test_a_category_that_nobody_knows_does_not_take_a_sure_guess_away() -> None:
    script = "CREATE TABLE kund (nr INTEGER PRIMARY KEY, personnummer TEXT, x TEXT, email TEXT, doc TEXT);"
    inner = [field("personnummer", "kund.personnummer"), field("y", "kund.y")]
    fields = [field("personnummer", "kund.personnummer"), field("x", "kund.x"), field("email", "user.name")]
    made = draft(dataset(kund=[*fields, {"name": "doc", "fields": inner}]), script=script).tables["kund"]
    assert held(made) == {"personnummer": "identity_number", "x": "other", "email": "name", "doc": "other"}
    assert made.identifiers == {"personnummer": "personnummer"}
    assert "fideslang: kund.personnummer" in made.holds["personnummer"].reason
    assert {p: g.concept for p, g in made.paths["doc"].items()} == {
        "personnummer": Concept.IDENTITY_NUMBER,
        "y": Concept.OTHER,
    }


def test_a_dataset_of_several_is_named_by_its_key() -> None:
    ours, other = dataset(kundregister=[field("x1", "user.name")]), dataset("other", rader=[field("x3", "user.name")])
    schema = sampled(SHOP).schema
    assert set(read([ours, other], "shop", schema, "other").columns) == {("rader", "x3")}
    for datasets in ([ours, other], [ours]):
        with pytest.raises(NotFideslang, match="called third"):
            read(datasets, "shop", schema, "third")
