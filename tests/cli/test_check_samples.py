"""What the first rows of a database say about its map, which no schema tells."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Place


def warned(place: Place) -> dict[str, str]:
    """Message by code; no warning is an error."""
    answer = place.json("check", "--live")
    assert answer["errors"] == 0, answer
    return {each["code"]: each["message"] for each in answer["findings"] if each["level"] == "warning"}


@pytest.fixture
def crowd(bare: Place) -> Place:
    """Thirty customers more, none of whom left, each with a document and a photo."""
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN data TEXT")
    bare.sql(
        "shop",
        "WITH n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 129) INSERT INTO customer "
        """SELECT i, 'Eva', 'eva' || i || '@x.example', '2019-01-01', NULL, '{"adress": {"street": "S 1"}}' FROM n""",
    )
    return bare


def mapped(place: Place, path: str) -> None:
    place.replace("datamap/shop.yaml", "email: contact.email}", f"email: contact.email, data: {{json: {{{path}}}}}}}")


def test_a_path_that_no_document_has_is_told(crowd: Place) -> None:
    mapped(crowd, "address.street: contact")
    found = warned(crowd)
    assert found["M416"].endswith("documents in customer.data has anything at address.street")
    assert "S 1" not in crowd.run("check", "--live").output


def test_a_path_that_a_document_has_is_not(crowd: Place) -> None:
    mapped(crowd, "adress.street: contact")
    assert "M416" not in warned(crowd)


def test_a_clock_that_never_starts_is_told(crowd: Place) -> None:
    mapped(crowd, "adress: contact")
    crowd.sql("shop", "UPDATE customer SET ended_at = NULL")
    assert "customer.ended_at says nothing in any of the first 35 rows" in warned(crowd)["M417"]


def test_a_new_application_is_not_told_that_nobody_has_left(bare: Place) -> None:
    bare.sql("shop", "UPDATE customer SET ended_at = NULL")
    assert "M417" not in warned(bare)


def test_times_of_another_encoding_are_told_and_how_many(bare: Place) -> None:
    bare.sql("shop", "UPDATE customer SET ended_at = '01/05/2020' WHERE id IN (1, 3)")
    assert "customer.ended_at cannot be read as date in 2 of the first 5 rows" in warned(bare)["M418"]
    assert "01/05/2020" not in bare.run("check", "--live").output


def test_a_folder_of_files_that_is_not_there_is_told_before_anything_goes(bare: Place) -> None:
    bare.replace(
        "datamap/shop.yaml", "email: contact.email}", "email: contact.email, photo: {holds: contact, file: photos}}"
    )
    bare.replace("ombud.yaml", 'shop.db"}', 'shop.db", files: {photos: photos}}')
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN photo TEXT")
    assert "photos of shop" in warned(bare)["C059"]
    bare.write("photos/of/Ada.jpg", "a face")
    assert "C059" not in warned(bare)


def test_a_day_of_consent_that_cannot_be_read_keeps_nobody_and_that_is_said(bare: Place) -> None:
    bare.replace("policy/group.yaml", "  bookkeeping:\n", "  news:\n    title: {sv: Nyheter}\n    basis: consent\n"
                 "    data: [contact]\n    keep: {after: asked, for: P24M}\n  bookkeeping:\n")  # fmt: skip
    bare.replace("policy/group.yaml", "moments:\n", "moments:\n  asked:\n")
    bare.replace("datamap/shop.yaml", "customer\n    born: created\n    purposes: {delivery: all}\n    moments: {",
                 "customer\n    born: created\n    purposes: {delivery: all, news: all}\n"
                 "    marks: {news: {consented: yes_at, withdrawn: no_at}}\n    moments: {asked: yes_at, ")  # fmt: skip
    bare.sql("shop", "ALTER TABLE customer ADD yes_at DATE")
    bare.sql("shop", "ALTER TABLE customer ADD no_at DATE")
    bare.sql("shop", "UPDATE customer SET yes_at = '1 May 2020' WHERE id < 4")
    answer = bare.json("check", "--live")["findings"]
    (told,) = (each for each in answer if each["code"] == "M418")
    assert told["message"] == (
        "customer.yes_at cannot be read as date in 3 of the first 5 rows: there nobody has consented to news, "
        "and what nothing else holds goes"
    )
    assert told["hint"].startswith("before the next apply, ")
    bare.sql("shop", "UPDATE customer SET yes_at = NULL, no_at = 'yes' WHERE id < 4")
    assert "there news counts as withdrawn, and what nothing else holds goes" in warned(bare)["M418"]
    refused = bare.run("plan")
    assert refused.exit_code == 1
    assert "customer.no_at cannot be read as date in 3 of the first 5 rows" in " ".join(refused.output.split())
    bare.sql(
        "shop", "UPDATE customer SET no_at = '2020-05-01' WHERE id = 3"
    )  # one day can be read: not the map's fault
    planned = bare.run("plan")
    assert planned.exit_code == 0
    assert "no_at cannot be read as date in 2 of the first 5 rows" in " ".join(planned.output.split())


def test_vouchers_before_the_first_fiscal_year_are_told(bare: Place) -> None:
    bare.replace("policy/group.yaml", "keep: [booked, P7Y, end of year]", "keep: [booked, end of fiscal_year, P7Y]")
    years = "registration_number: 559999-1014, fiscal_years: {ends: 12-31, first: 2019, last: 2040}}"
    bare.replace("policy/group.yaml", "registration_number: 559999-1014}", years)
    bare.sql("shop", "UPDATE orders SET placed = '2014-05-01' WHERE id = 10")
    assert "booked falls in no fiscal year in 1 of the first" in warned(bare)["M419"]
    assert "what bookkeeping keeps of them stays for ever" in warned(bare)["M419"]
    told = bare.run("explain", "shop/orders/10").stdout
    assert "in no fiscal" in told, told


def test_years_that_reach_back_are_not(bare: Place) -> None:
    bare.replace("policy/group.yaml", "keep: [booked, P7Y, end of year]", "keep: [booked, end of fiscal_year, P7Y]")
    years = "registration_number: 559999-1014, fiscal_years: {ends: 12-31, first: 2000, last: 2040}}"
    bare.replace("policy/group.yaml", "registration_number: 559999-1014}", years)
    assert "M419" not in warned(bare)
