"""Maps as pictures: who is in the middle, what is how far away, and what is red."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.cli.conftest import Place

SVG = "{http://www.w3.org/2000/svg}"


def titles(place: Place, source: str) -> dict[str, list[str]]:
    """By table, what its box says when it is pointed at."""
    root = ElementTree.parse(place.directory / "pictures" / f"{source}.svg").getroot()
    said = [(group.findtext(f"{SVG}title") or "").split("; ") for group in root.iter(f"{SVG}g")]
    return {name: rest for name, *rest in said}


def test_each_map_is_drawn_with_its_purposes(bare: Place) -> None:
    answer = bare.json("check", "--draw", str(bare.directory / "pictures"))
    assert len(answer["drawn"]) == 4
    shown = titles(bare, "shop")
    assert "held for delivery" in shown["customer"]
    assert {"held for delivery", "held for bookkeeping"} <= set(shown["orders"])


def test_what_is_in_the_middle_is_a_person_and_what_leads_there_is_drawn(bare: Place) -> None:
    bare.run("check", "--draw", str(bare.directory / "pictures"))
    text = (bare.directory / "pictures" / "shop.mmd").read_text(encoding="utf-8")
    assert 't0(["customer<br/>delivery"])' in text
    assert "t1 ==> t0" in text


def test_holes_are_red_a_table_that_nobody_mapped_too(bare: Place) -> None:
    bare.sql("shop", 'CREATE TABLE "<b>photo & film" (id INTEGER PRIMARY KEY, face BLOB)')
    bare.run("check", "--live", "--draw", str(bare.directory / "pictures"))
    assert titles(bare, "shop")["<b>photo & film"] == ["not mapped"]
    text = (bare.directory / "pictures" / "shop.svg").read_text(encoding="utf-8")
    assert 'stroke="#C0392B"' in text
    assert "hole" in (bare.directory / "pictures" / "shop.mmd").read_text(encoding="utf-8").splitlines()[-1]


def test_a_folder_that_cannot_be_made_is_told(bare: Place) -> None:
    taken = bare.directory / "pictures"
    taken.write_text("a file")
    result = bare.run("check", "--draw", str(taken / "inside"))
    assert result.exit_code == 1
    assert "C029" in result.stderr
