"""What a check writes for a code host: SARIF for the lines of a change, Markdown for its conversation."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.conftest import Place


def results(place: Place, *arguments: str) -> list[dict[str, Any]]:
    """The results of the one run in the SARIF that a check writes."""
    file = place.directory / "ombud.sarif"
    place.run("check", *arguments, "--sarif", str(file))
    (run,) = json.loads(file.read_text(encoding="utf-8"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found: list[dict[str, Any]] = run["results"]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in found)
    return found


def markdown(place: Place, *arguments: str) -> str:
    file = place.directory / "ombud.md"
    place.run("check", *arguments, "--comment", str(file))
    return file.read_text(encoding="utf-8")


def test_a_new_column_stands_at_its_table_and_says_what_it_looks_like(bare: Place) -> None:
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN mobilnummer TEXT")
    (found,) = [each for each in results(bare, "--live") if each["level"] == "error"]
    place = found["locations"][0]["physicalLocation"]
    assert found["ruleId"] == "M402"
    assert place["artifactLocation"]["uri"].endswith("datamap/shop.yaml")
    line = (bare.directory / "datamap" / "shop.yaml").read_text().splitlines()[place["region"]["startLine"] - 1]
    assert line.strip() == "customer:"
    assert "looks like contact.phone" in found["message"]["text"]


def test_the_same_finding_is_the_same_when_lines_above_it_move(bare: Place) -> None:
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN mobilnummer TEXT")
    (before,) = [each for each in results(bare, "--live") if each["level"] == "error"]
    bare.replace("datamap/shop.yaml", "source: shop\n", "# A shop.\n\nsource: shop\n")
    (after,) = [each for each in results(bare, "--live") if each["level"] == "error"]
    assert before["locations"] != after["locations"]
    assert before["partialFingerprints"] == after["partialFingerprints"]


def test_each_finding_has_a_line_a_whole_file_its_first(bare: Place) -> None:
    bare.sql("shop", "CREATE TABLE signup (id INTEGER PRIMARY KEY, epost TEXT)")
    (found,) = [each for each in results(bare, "--live") if each["ruleId"] == "M411"]
    assert found["level"] == "warning"
    assert "looks personal: epost" in found["message"]["text"]
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_what_the_policy_accepts_is_suppressed(bare: Place) -> None:
    (doubtful, *_) = results(bare)
    at = doubtful["message"]["text"].partition("[")[2].partition("]")[0]
    told = f"accepted: [{{code: {doubtful['ruleId']}, at: {at}, reason: known, review: 2030-01-01}}]\n"
    bare.write("policy/group.yaml", (bare.directory / "policy/group.yaml").read_text() + told)
    after = [each for each in results(bare) if each["level"] == "note"]
    assert doubtful["ruleId"] in {each["ruleId"] for each in after}
    assert all(each["suppressions"] for each in after)


def test_files_that_cannot_be_read_are_written_too(bare: Place) -> None:
    bare.replace("datamap/shop.yaml", "goods: purchases", "goods: purchasse")
    assert [each["ruleId"] for each in results(bare, "--live") if each["level"] == "error"]
    assert "No database was looked at" in markdown(bare, "--live")


def test_a_comment_says_how_it_went_and_what_to_do(bare: Place) -> None:
    assert "Compared with the databases of desk, shop." in markdown(bare, "--live")
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN epost2 TEXT")
    text = markdown(bare, "--live")
    assert text.startswith("### ombud: 1 error")
    assert "→ add `epost2: contact.email` to `columns`" in text


def test_a_category_that_the_map_does_not_know_is_not_told_to_be_added(bare: Place) -> None:
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN mobilnummer TEXT")
    assert "→ add it to `columns`, or `not_personal: [mobilnummer]`" in markdown(bare, "--live")


def test_a_warning_beside_an_error_is_not_left_for_the_next_time(bare: Place) -> None:
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN mobilnummer TEXT")
    bare.sql("shop", "CREATE TABLE signup (id INTEGER PRIMARY KEY, epost TEXT)")
    assert {"M402", "M411"} <= {each["ruleId"] for each in results(bare, "--live")}


def test_a_name_cannot_become_markup_nor_call_anybody(bare: Place) -> None:
    bare.sql(
        "shop", 'CREATE TABLE "<img src=x> @everyone #1 [a](http://x.example)" (id INTEGER PRIMARY KEY, epost TEXT)'
    )
    text = markdown(bare, "--live")
    assert "\\<img" in text
    assert "@everyone" not in text
    assert "#1" not in text
    assert "[a](" not in text
    assert "http://" not in text


def test_many_findings_are_counted_and_not_all_written_out(bare: Place) -> None:
    for n in range(60):
        bare.sql("shop", f"CREATE TABLE signup_{n} (id INTEGER PRIMARY KEY, epost TEXT)")
    text = markdown(bare, "--live")
    assert "more: `ombud check --live` tells all" in text
    assert text.count("is not mapped") <= 50


def test_a_file_that_cannot_be_written_is_told(bare: Place) -> None:
    result = bare.run("check", "--sarif", str(bare.directory / "no" / "such" / "ombud.sarif"))
    assert result.exit_code == 1
    assert "C029" in result.stderr


def test_a_file_that_a_check_did_not_write_is_not_written_over(bare: Place) -> None:
    """`--comment FILE` can be read as: comment on this file."""
    for name in ("datamap/shop.yaml", "ombud.yaml", "shop.db"):
        before = (bare.directory / name).read_bytes()
        for option in ("--comment", "--sarif"):
            refused = bare.run("check", option, str(bare.directory / name))
            assert refused.exit_code == 1
            assert "C075" in refused.stderr
        assert (bare.directory / name).read_bytes() == before
    assert markdown(bare) == markdown(bare)
    assert results(bare) == results(bare)


def test_two_files_are_not_written_into_one(bare: Place) -> None:
    file = str(bare.directory / "ombud.md")
    refused = bare.run("check", "--comment", file, "--sarif", file)
    assert refused.exit_code == 1
    assert "C075" in refused.stderr


def test_a_name_of_several_lines_gives_no_command_to_who_reads_lines(bare: Place) -> None:
    bare.sql("shop", 'CREATE TABLE "x\n::warning::hello\n##[error]hello" (id INTEGER PRIMARY KEY, epost TEXT)')
    lines = bare.run("check", "--live").stderr.splitlines()
    assert any("hello" in line for line in lines)
    assert not [line for line in lines if line.startswith(("::", "##["))]


def test_a_way_out_is_yaml_also_for_an_odd_name(bare: Place) -> None:
    bare.sql("shop", 'ALTER TABLE customer ADD COLUMN "a, [b]" TEXT')
    assert 'not_personal: ["a, [b]"]' in bare.run("check", "--live").stderr.replace("\n", " ")


def test_a_password_in_the_project_file_is_repeated_nowhere(bare: Place) -> None:
    for url in ("host=127.0.0.1 password=Secret99", "postgresql://shop:Secret99@"):
        bare.write("ombud.yaml", f'policy: policy/\ndatamaps: datamap/\nsources:\n  shop: {{url: "{url}"}}\n')
        file = bare.directory / "ombud.sarif"
        told = bare.run("check", "--live", "--sarif", str(file))
        assert "Secret99" not in told.output + told.stderr + file.read_text(encoding="utf-8")


def test_an_address_with_an_option_that_the_driver_does_not_know_is_told(bare: Place) -> None:
    bare.write(
        "ombud.yaml",
        'policy: policy/\ndatamaps: datamap/\nsources:\n  shop: {url: "mariadb://u@h/x?sslmode=require"}\n  desk: {url: "sqlite:///desk.db"}\n',
    )
    told = bare.run("check", "--live")
    assert told.exit_code == 1
    assert "sslmode" in told.stderr


def test_two_databases_of_one_map_are_told_apart(bare: Place) -> None:
    shop = (bare.directory / "datamap" / "shop.yaml").read_text()
    both = shop.replace("source: shop", "for_each:\n  - {source: shop}\n  - {source: desk}\nsource: <source>")
    bare.write("datamap/shop.yaml", both)
    (bare.directory / "datamap" / "desk.yaml").unlink()
    bare.sql("shop", "ALTER TABLE customer ADD COLUMN mobilnummer TEXT")
    told = bare.run("check", "--live").stderr
    assert "shop: customer.mobilnummer is neither mapped" in told.replace("\n", " ")
