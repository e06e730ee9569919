"""Whatever a file holds, it ends in findings with a place, never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ombud.policy.load import load, load_text
from ombud.policy.tree import LONGEST
from ombud.terms import Level
from tests.policy.texts import group

GOOD = group("p: {basis: contract, data: [contact], keep: {after: ended, for: P12M}, recipients: [carrier]}")
SCRAPS = [
    "*a",
    "&a ",
    "!x ",
    "<<: ",
    "\t",
    "{",
    "]",
    "'",
    '"',
    ": ",
    "- ",
    "\x00",
    "\ud800",
    "é",
    "#",
    "|\n",
    "? ",
    "%",
    "---\n",
    "\x85",
]


def refused(text: str) -> set[str]:
    policy, findings = load_text({"group.yaml": text})
    assert policy is None
    assert all(str(finding) and finding.level in Level for finding in findings)
    return {finding.code for finding in findings}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "P005"),
        ("# nothing\n", "P005"),
        ("null\n", "P005"),
        ("just words", "P008"),
        ("- a\n- list\n", "P008"),
        ("a: [1, 2\n", "P002"),
        ("a: b: c\n", "P002"),
        ("\tgroup: x\n", "P002"),
        ("group: x\ngroup: y\n", "P003"),
        ("a: &x [b]\nc: *x\n", "P004"),
        ("a: !!python/object:os.system x\n", "P004"),
        ("a: 1\n---\nb: 2\n", "P004"),
        ("? [a, b]\n: c\n", "P004"),
        ("[" * 50_000, "P004"),
        ("{a: " * 50_000, "P004"),
        ("a: " + "&a [" * 30, "P004"),
        ("\x00\x01\x02", "P001"),
        ("a: '" + "x" * LONGEST + "'", "P001"),
        ('a: "\\ud800"\n', "P002"),
    ],
)
def test_what_is_no_policy_is_told_by_one_code(text: str, code: str) -> None:
    assert code in refused(text)


def test_a_bomb_of_aliases_goes_off_nowhere() -> None:
    layers = "".join(f"l{n}: &l{n} [{', '.join(f'*l{n - 1}' for _ in range(9))}]\n" for n in range(1, 30))
    assert refused("l0: &l0 [x]\n" + layers) == {"P004"}


def test_a_directory_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    policy, findings = load(tmp_path / "nowhere")
    assert (policy, [finding.code for finding in findings]) == (None, ["P001"])


def test_a_directory_without_a_policy_is_a_finding(tmp_path: Path) -> None:
    policy, findings = load(tmp_path)
    assert (policy, [finding.code for finding in findings]) == (None, ["P001"])


def test_a_binary_file_is_a_finding_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "group.yaml").write_bytes(b"\xff\xfe\x00g\x00r")
    policy, findings = load(tmp_path)
    assert (policy, [(finding.code, finding.place.file) for finding in findings]) == (None, [("P001", "group.yaml")])


def test_a_file_that_is_a_directory_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "group.yaml").mkdir()
    policy, findings = load(tmp_path)
    assert (policy, [finding.code for finding in findings]) == (None, ["P001"])


def test_a_directory_that_is_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "policy").write_text("group: x", encoding="utf-8")
    policy, findings = load(tmp_path / "policy")
    assert (policy, [finding.code for finding in findings]) == (None, ["P001"])


def test_a_mark_at_the_start_of_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "group.yaml").write_text(GOOD, encoding="utf-8-sig")
    assert load(tmp_path)[0] is not None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_good_policy_with_anything_put_into_it_never_breaks_the_reader(data: st.DataObject) -> None:
    text = GOOD
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(SCRAPS) | st.text(max_size=5)) + text[at + gone :]
    policy, findings = load_text({"group.yaml": text})
    assert (policy is None) == any(finding.level is Level.ERROR for finding in findings)
    assert all(finding.place.file == "group.yaml" and str(finding).encode() for finding in findings)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize("name", ["companies/north.yaml", "north.YAML"])
def test_a_file_that_is_not_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "group.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("company: north\n", encoding="utf-8")
    (tmp_path / ".north.yaml").write_text("company: north\n", encoding="utf-8")
    _, findings = load(tmp_path)
    assert [str(finding.place.file) for finding in findings if finding.code == "P016"] == [name]
