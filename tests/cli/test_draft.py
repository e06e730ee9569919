"""`ombud draft`: somebody has said already, in fideslang, why data is held."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import Place

SYSTEMS = """\
organization:
  - {fides_key: tallvik, name: Tallvik}
system:
  - fides_key: shop
    name: Web shop
    organization_fides_key: tallvik
    system_type: Application
    dataset_references: [shop]
    privacy_declarations:
      - name: Deliver orders
        data_use: essential.service
        data_categories: [user.name, user.contact.email, user.behavior.purchase_history]
        data_subjects: [customer]
        legal_basis_for_processing: Contract
        retention_period: 365
      - name: Newsletter
        data_use: marketing.communications.email
        data_categories: [user.contact.email]
        legal_basis_for_processing: Consent
        third_parties: Mail houses
"""


def draft(place: Place, text: str | bytes, *arguments: str) -> Result:
    file = place.directory / "systems.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place.run("draft", str(file), *arguments)


def test_a_draft_is_written_once_and_check_says_what_is_left_to_decide(bare: Place) -> None:
    refused = draft(bare, SYSTEMS)
    assert refused.exit_code == 1
    assert "C075" in refused.stderr
    written = draft(bare, SYSTEMS, "--force")
    assert written.exit_code == 0, written.output
    assert "2 privacy declarations came to 2 purposes." in written.stdout
    assert "shop: its map's purposes: deliver_orders, newsletter" in written.stdout
    text = (bare.directory / "policy/group.yaml").read_text(encoding="utf-8")
    checked = bare.run("check")
    assert checked.exit_code == 1
    lines = text.splitlines()
    told = [line for line in checked.stderr.splitlines() if "group.yaml:" in line and " error " in line]
    assert len(told) == 5
    assert f"what it refuses ({len(told)} errors)" in written.stdout
    assert all("# fideslang:" in lines[int(line.split(":")[1]) - 1] for line in told)
    assert bare.run("format", "--check", str(bare.directory / "policy/group.yaml")).exit_code == 0


def test_a_draft_somebody_has_decided_on_is_a_policy(bare: Place) -> None:
    assert draft(bare, SYSTEMS.replace("        third_parties: Mail houses\n", ""), "--force").exit_code == 0
    bare.replace("policy/group.yaml", "zone: ~", "zone: Europe/Stockholm")
    bare.replace("policy/group.yaml", "registration_number: ~", "registration_number: 559999-1014")
    bare.replace("policy/group.yaml", "from_which_moment", "ended")
    bare.replace("policy/group.yaml", "purposes:\n", "moments: {ended: }\npurposes:\n")
    said = bare.run("check").stderr
    assert "group.yaml" in said
    assert not [line for line in said.splitlines() if "group.yaml" in line and " error " in line]
    assert "newsletter has no stated period" in said


def test_categories_are_called_as_the_projects_policy_calls_them(bare: Place) -> None:
    text = draft(bare, SYSTEMS, "--out", "-").stdout
    assert "data: [contact.email, contact.name, purchases]" in text


def test_standard_output_is_the_draft_alone_and_json_is_for_programs(bare: Place) -> None:
    before = (bare.directory / "policy/group.yaml").read_bytes()
    assert draft(bare, SYSTEMS, "--out", "-").stdout.startswith("# A draft, made from systems.yml.\n")
    said = bare.json("draft", str(bare.directory / "systems.yml"))
    assert said["purposes"]["deliver_orders"]["period"] == "P365D"
    assert said["purposes"]["newsletter"]["use"] == ["direct_marketing"]
    assert said["sources"]["shop"]["purposes"] == {
        "deliver_orders": "dataset_references",
        "newsletter": "dataset_references",
    }
    assert (bare.directory / "policy/group.yaml").read_bytes() == before


def test_a_folder_is_read_whole_and_what_is_made_from_it_is_not_overwritten(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write("fides/a.yml", SYSTEMS)
    place.write("fides/deep/b.yaml", "dataset: [{fides_key: shop, collections: []}]\n")
    place.write("fides/note.txt", "no fideslang")
    out = tmp_path / "new/group.yaml"
    done = place.run("draft", str(tmp_path / "fides"), "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "made from a.yml, b.yaml" in out.read_text(encoding="utf-8")
    over = place.run("draft", str(tmp_path / "fides"), "--out", str(tmp_path / "fides/a.yml"), "--force")
    assert (over.exit_code, "C075" in over.stderr) == (1, True)
    (tmp_path / "empty").mkdir()
    none = place.run("draft", str(tmp_path / "empty"), "--out", "-")
    assert (none.exit_code, "C078" in none.stderr) == (1, True)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (b"\xff\xfe\x00", "C078", "not text"),
        ("system: [", "P002", "not YAML"),
        ("", "P005", "empty"),
        ("system: &a [*a]", "P004", "anchors"),
        ("just words", "C078", "no `system`"),
        ("dataset: [{fides_key: a, collections: []}]", "C078", "no `system`"),
        ("- a\n- b\n", "C078", "no `system`"),
        ("system: shop", "C078", "systems.yml:1:9"),
        ("system: [[]]", "C078", "systems.yml:1:10"),
        (SYSTEMS.replace("[user.name,", "[{a: b},"), "C078", "systems.yml:12:26"),
        (SYSTEMS.replace("        data_use: essential.service\n", ""), "C078", "systems.yml:10:9"),
        (SYSTEMS.replace("Contract", "[Contract]"), "C078", "systems.yml:14:37"),
        ("# " + "x" * 10_000_000, "P001", "longer"),
        ("a: " * 30, "P002", "not YAML"),
        ("system:" + "\n  - fides_key: a\n    fides_key: b", "P003", "written twice"),
    ],
)
def test_what_is_no_system_in_fideslang_is_refused_and_nothing_is_written(
    bare: Place, text: str | bytes, code: str, message: str
) -> None:
    before = (bare.directory / "policy/group.yaml").read_bytes()
    result = draft(bare, text, "--force")
    assert result.exit_code == 1
    assert code in result.stderr
    assert message in result.stderr
    assert "→" in result.stderr
    assert (bare.directory / "policy/group.yaml").read_bytes() == before


def test_a_draft_longer_than_a_policy_may_be_is_refused(bare: Place) -> None:
    one = "      - {name: Purpose %d, data_use: essential.service, data_categories: [user.name]}\n"
    result = draft(bare, SYSTEMS + "".join(one % n for n in range(3000)), "--force")
    assert (result.exit_code, "C078" in result.stderr, "fewer systems" in result.stderr) == (1, True, True)


def test_a_file_that_is_not_there_is_told(bare: Place) -> None:
    result = bare.run("draft", str(bare.directory / "none.yml"), "--out", "-")
    assert (result.exit_code, "C029" in result.stderr) == (1, True)
