"""`ombud discover --fideslang`: somebody has described the database already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import Place
from tests.cli.test_discover import discover, made, unmapped

__all__ = ["unmapped"]

FIDESLANG = """\
dataset:
  - fides_key: shop
    collections:
      - name: customer
        fields:
          - name: ended_at
            data_categories: [user.provided.identifiable.contact.phone_number]
      - name: wish
        fields:
          - name: text
"""


def test_a_description_in_fideslang_goes_before_guesses(unmapped: Place) -> None:
    unmapped.write("dataset.yml", FIDESLANG)
    result = discover(unmapped, "shop", "--fideslang", str(unmapped.directory / "dataset.yml"))
    assert result.exit_code == 0, result.output
    assert "The database does not have: wish." in result.stdout
    text = (unmapped.directory / "datamap/shop.yaml").read_text(encoding="utf-8")
    assert "ended_at: contact.phone  # guess: 0.95 fideslang: user.provided.identifiable.contact.phone_number" in text


@pytest.mark.parametrize("text", ["dataset: []\n", "a: [", "", "\0", "x: &a 1\ny: *a\n"])
def test_a_file_that_describes_no_database_is_refused_and_nothing_is_written(unmapped: Place, text: str) -> None:
    unmapped.write("dataset.yml", text)
    result = discover(unmapped, "shop", "--fideslang", str(unmapped.directory / "dataset.yml"))
    assert result.exit_code == 1
    assert not (unmapped.directory / "datamap/shop.yaml").exists()
    assert discover(unmapped, "shop", "--fideslang", str(unmapped.directory / "none.yml")).exit_code == 1


def told(unmapped: Place, text: str, *arguments: str) -> Result:
    """The draft of the shop on standard output, by this description."""
    unmapped.write("dataset.yml", text)
    chosen = arguments or ("--out", "-")
    return discover(unmapped, "shop", "--fideslang", str(unmapped.directory / "dataset.yml"), *chosen)


REFERENCES = f"""\
{FIDESLANG}\
      - name: orders
        fields:
          - name: deliver_to
            fides_meta:
              references: [{{dataset: crm, field: a.b}}, {{dataset: shop, field: customer.name}}]
"""


def test_beside_a_draft_on_standard_output_what_is_not_there_and_not_used_is_told(unmapped: Place) -> None:
    result = told(unmapped, REFERENCES)
    assert result.exit_code == 0, result.output
    assert "The database does not have: wish." in result.stderr
    unused = "orders.deliver_to to crm.a.b, orders.deliver_to to customer.name"
    assert f"References that are not used: {unused}" in result.stderr
    assert "The database does not have" not in result.stdout
    said = json.loads(told(unmapped, REFERENCES, "--format", "json").stdout)["described"]
    assert said["unused_references"] == unused.split(", ")
    assert said["missing"] == ["wish"]


def test_another_form_is_refused_with_its_line(unmapped: Place) -> None:
    text = FIDESLANG.replace("        fields:\n          - name: text\n", "        fields: {text: {}}\n")
    result = told(unmapped, text)
    assert result.exit_code == 1
    assert "dataset.yml:9:17: error C078: fields is no list" in result.stderr
    assert "→ write a list" in result.stderr


def test_a_dataset_of_several_is_named_and_the_source_keeps_its_name(unmapped: Place) -> None:
    text = FIDESLANG.replace("fides_key: shop", "fides_key: a") + "  - {fides_key: b, collections: []}\n"
    refused = told(unmapped, text)
    assert refused.exit_code == 1
    assert "called shop: a, b" in refused.stderr
    assert "--dataset KEY" in refused.stderr
    result = told(unmapped, text, "--out", "-", "--dataset", "a")
    assert result.exit_code == 0, result.output
    assert "source: shop\n" in result.stdout
    assert "ended_at: contact.phone" in result.stdout
    assert discover(unmapped, "shop", "--dataset", "a", "--out", "-").exit_code == 2


def test_an_owner_by_identifier_and_an_array_are_drafted(tmp_path: Path, bare: Place) -> None:
    url = made(
        tmp_path / "library.db",
        'CREATE TABLE "låntagare" (nr INTEGER PRIMARY KEY, "e-post" TEXT, extra TEXT)',
        "CREATE TABLE reservation (nr INTEGER PRIMARY KEY, epost TEXT, bok TEXT)",
    )
    (tmp_path / "library.yml").write_text(LIBRARY, encoding="utf-8")
    chosen = ("--fideslang", str(tmp_path / "library.yml"), "--rows", "0", "--out", "-")
    text = discover(bare, url, *chosen).stdout
    assert "owner: {identifier: email, in: epost, if_none: unknown}" in text
    assert "          barn: contact.name  # guess: 0.95 fideslang: user.name; an array is one cell" in text
    assert "barn.namn" not in text


LIBRARY = """\
dataset:
  - fides_key: library
    collections:
      - name: låntagare
        fields:
          - {name: e-post, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - name: extra
            fields:
              - name: barn
                fides_meta: {data_type: "object[]"}
                fields: [{name: namn, data_categories: [user.name]}]
      - name: reservation
        fields:
          - name: epost
            fides_meta: {references: [{dataset: library, field: låntagare.e-post}]}
"""
