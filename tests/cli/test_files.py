"""Files of rows that go, and documents in JSON, as a project's user meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Place


@pytest.fixture
def photos(bare: Place) -> Place:
    """Ada, who left long ago, and Bea each have a photo."""
    bare.replace(
        "datamap/shop.yaml", "email: contact.email}", "email: contact.email, photo: {holds: contact, file: photos}}"
    )
    bare.replace("ombud.yaml", 'shop.db"}', 'shop.db", files: {photos: photos}}')
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN photo TEXT")
    bare.sql("shop", "UPDATE customer SET photo = 'of/' || name || '.jpg' WHERE id IN (1, 2)")
    for name in ("Ada", "Bea"):
        bare.write(f"photos/of/{name}.jpg", "a face")
    return bare


def there(place: Place) -> list[str]:
    return sorted(each.name for each in (place.directory / "photos").rglob("*.jpg"))


def test_the_photo_goes_with_the_apply_and_no_other(photos: Place) -> None:
    path = photos.plan()
    assert there(photos) == ["Ada.jpg", "Bea.jpg"]
    result = photos.apply(path)
    assert result.exit_code == 0, result.output
    assert "1 file removed." in result.stdout
    assert there(photos) == ["Bea.jpg"]


def test_a_program_is_told_what_became_of_the_files(photos: Place) -> None:
    told = photos.json("apply", str(photos.plan()), "--allow")
    assert told["sources"]["shop"]["files"] == {"photos": {"removed": 1, "missing": 0, "refused": 0, "failed": 0}}


def test_files_that_cannot_be_removed_are_told_without_their_names_and_go_with_the_same_plan_later(
    photos: Place,
) -> None:
    path = photos.plan()
    (photos.directory / "photos").rename(photos.directory / "elsewhere")
    result = photos.apply(path)
    assert result.exit_code == 1
    assert "C055" in result.output
    assert "Ada" not in result.output
    (photos.directory / "elsewhere").rename(photos.directory / "photos")
    again = photos.apply(path)
    assert again.exit_code == 0, again.output
    assert there(photos) == ["Bea.jpg"]


def test_a_name_that_leads_out_of_the_store_is_told_and_removes_nothing(photos: Place) -> None:
    photos.sql("shop", "UPDATE customer SET photo = '../ombud.yaml' WHERE id = 1")
    result = photos.apply(photos.plan())
    assert result.exit_code == 1
    assert "C055" in result.output
    assert (photos.directory / "ombud.yaml").is_file()
    assert there(photos) == ["Ada.jpg", "Bea.jpg"]


def test_a_store_that_is_nowhere_is_an_error(photos: Place) -> None:
    photos.replace("ombud.yaml", ", files: {photos: photos}", "")
    result = photos.run("check")
    assert result.exit_code == 1
    assert "C054" in result.output


def test_a_store_may_be_named_by_the_environment(photos: Place) -> None:
    photos.replace("ombud.yaml", "{photos: photos}", '{photos: "${PHOTOS}"}')
    result = photos.apply(photos.plan())
    assert "C021" in result.output
    assert photos.counts() == (5, 3, 1)


@pytest.fixture
def slips(photos: Place) -> Place:
    """Orders name a slip in a store `all`, which nothing places yet; Bea's, who stays, names Ada's photo."""
    photos.replace(
        "datamap/shop.yaml", "deliver_to: contact.name}", "deliver_to: contact.name, slip: {holds: contact, file: all}}"
    )
    photos.sql("shop", "ALTER TABLE orders ADD COLUMN slip TEXT")
    photos.sql("shop", "UPDATE orders SET slip = 'photos/of/Ada.jpg' WHERE id = 12")
    return photos


def shares(place: Place, first: str, other: str) -> None:
    """Every command that could lead to a file's end says that these two share files, and nothing goes."""
    for command in ("check", "plan", "apply"):
        arguments = [str(place.directory / "plan.json"), "--allow"] if command == "apply" else []
        result = place.run(command, *arguments)
        said = " ".join(result.output.split())
        assert result.exit_code == 1, command
        assert f"C058: {first} and {other} share files" in said, said
    assert there(place) == ["Ada.jpg", "Bea.jpg"]
    assert place.counts() == (5, 3, 2)


@pytest.mark.parametrize(
    ("photos_in", "all_in"),
    [
        ("photos", "."),
        ("photos", "photos"),
        ("photos", "photos/of"),
        ("photos", "link"),
        ("photos", "link/of"),
        ("photos", "photos/../photos"),
        ("not/there", "not"),
        ("link/yet/not", "photos/yet"),
    ],
)
def test_stores_of_one_source_that_share_files_are_refused(slips: Place, photos_in: str, all_in: str) -> None:
    slips.write("plan.json", "")
    (slips.directory / "link").symlink_to("photos")
    slips.replace("ombud.yaml", "{photos: photos}", f"{{photos: {photos_in}, all: {all_in}}}")
    shares(slips, "photos of shop", "all of shop")


@pytest.mark.parametrize("desk_in", ["photos", "photos/of", ".", "${HERE}"])
def test_stores_of_two_sources_that_share_files_are_refused(photos: Place, desk_in: str) -> None:
    photos.write("plan.json", "")
    photos.environ["HERE"] = str(photos.directory / "photos")
    photos.replace("datamap/desk.yaml", "body: text}", "body: text, photo: {holds: contact, file: photos}}")
    photos.replace("ombud.yaml", 'desk.db"}', f'desk.db", files: {{photos: "{desk_in}"}}}}')
    photos.sql("desk", "ALTER TABLE ticket ADD COLUMN photo TEXT")
    shares(photos, "photos of shop", "photos of desk")


def test_stores_beside_each_other_are_as_good_as_one(slips: Place) -> None:
    slips.replace("ombud.yaml", "{photos: photos}", "{photos: photos, all: photos2}")
    result = slips.apply(slips.plan())
    assert result.exit_code == 0, result.output
    assert there(slips) == ["Bea.jpg"]


def test_no_file_goes_while_it_is_not_known_where_another_store_is(photos: Place) -> None:
    photos.replace("datamap/desk.yaml", "body: text}", "body: text, photo: {holds: contact, file: photos}}")
    photos.replace("ombud.yaml", 'desk.db"}', 'desk.db", files: {photos: "${SOMEWHERE}"}}')
    photos.sql("desk", "ALTER TABLE ticket ADD COLUMN photo TEXT")
    result = photos.apply(photos.plan())
    assert result.exit_code == 1
    assert "C021" in result.output
    assert there(photos) == ["Ada.jpg", "Bea.jpg"]
    assert photos.counts() == (5, 3, 2)


@pytest.fixture
def documents(bare: Place) -> Place:
    """Orders with a document in text, one of which was cut short."""
    bare.replace("datamap/shop.yaml", "deliver_to: contact.name}", "deliver_to: {json: {to.name: contact.name}}}")
    bare.sql("shop", """UPDATE orders SET deliver_to = '{"to": {"name": "Ada", "no": 1.50}}'""")
    bare.sql("shop", """UPDATE orders SET deliver_to = '{"to": {"na' WHERE id = 12""")
    return bare


def test_documents_that_cannot_be_read_are_counted(documents: Place) -> None:
    result = documents.run("plan")
    assert result.exit_code == 0, result.output
    assert "C056" in result.output
    assert "shop.orders.deliver_to: 1 document cannot be read and keeps its cells" in " ".join(result.output.split())
    (told,) = documents.json("plan")["findings"]
    written = (documents.directory / "datamap" / "shop.yaml").read_text(encoding="utf-8").splitlines()
    assert (told["code"], Path(told["file"]).name) == ("C056", "shop.yaml")
    assert "deliver_to: {json" in written[told["line"] - 1]
    documents.sql("shop", "UPDATE orders SET deliver_to = '[]'")
    assert "3 documents cannot be read and keep their cells" in " ".join(documents.run("plan").output.split())


def test_a_value_inside_a_document_goes_and_the_rest_stays(documents: Place) -> None:
    documents.apply(documents.plan())
    assert documents.sql("shop", "SELECT deliver_to FROM orders WHERE id = 11") == [('{"to":{"name":null,"no":1.50}}',)]


def test_a_row_is_explained_with_what_stands_inside_its_documents(documents: Place) -> None:
    result = documents.run("explain", "shop/orders/11", "--show")
    assert result.exit_code == 0, result.output
    assert "deliver_to.to.name Ada" in " ".join(result.output.split())


def test_rows_without_a_key_are_planned_and_go(bare: Place) -> None:
    bare.write(
        "datamap/desk.yaml",
        "source: desk\ncompany: north\ntimes: {encoding: date}\ngrace: 2\ntables:\n  visit:\n    key: []\n"
        "    owner: nobody\n    born: at\n    purposes: {delivery: all}\n    moments: {ended: at}\n"
        "    columns: {page: text}\nnot_personal: [ticket]\n",
    )
    bare.sql("desk", "CREATE TABLE visit (at DATE, page TEXT)")
    bare.sql("desk", "INSERT INTO visit VALUES ('2020-01-01', 'a'), ('2020-01-01', 'a'), ('2026-05-01', 'b')")
    path = bare.plan("--rows", "desk.visit")
    assert bare.apply(path).exit_code == 0
    assert bare.sql("desk", "SELECT page FROM visit") == [("b",)]
