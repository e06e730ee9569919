"""From the text of map files to the data map that everything else reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ombud.datamap.check.checked import Checked
from ombud.datamap.check.disclosed import check_disclosed
from ombud.datamap.check.fixed import check_fixed
from ombud.datamap.check.imports import check_imports
from ombud.datamap.check.links import check_links
from ombud.datamap.check.missing import check_missing
from ombud.datamap.check.reach import check_reach
from ombud.datamap.check.structure import check_structure
from ombud.datamap.model import DataMap
from ombud.datamap.parse.draft import DraftSource
from ombud.datamap.parse.fields import Findings
from ombud.datamap.parse.source import sources
from ombud.datamap.resolve.build import resolve
from ombud.datamap.resolve.names import look_up
from ombud.datamap.resolve.owners import TOO_FAR
from ombud.datamap.unconfirmed import guessed
from ombud.policy.model import Policy
from ombud.policy.tree import read, text_of
from ombud.terms import Finding, Place

SUFFIXES = (".yaml", ".yml")
LONGEST = 4_000_000
"""Characters of a map: a database of thousands of tables has one file."""


def load(directory: Path, policy: Policy) -> tuple[DataMap | None, tuple[Finding, ...]]:
    """Read every map in a folder. None where any finding is an error; findings are in the files' order."""
    findings = Findings()
    files: dict[str, str] = {}
    try:
        paths = sorted(
            path for path in directory.iterdir() if path.suffix in SUFFIXES and not path.name.startswith(".")
        )
    except OSError as error:
        findings.add(
            "M001",
            Place(str(directory)),
            f"the folder cannot be read ({error.strerror})",
            "see `datamaps:` in ombud.yaml",
        )
        return None, tuple(findings.found)
    for path in paths:
        try:
            files[str(path)] = text_of(path, LONGEST)
        except (OSError, UnicodeDecodeError):
            findings.add("M001", Place(str(path)), "the file cannot be read as UTF-8 text", "save it as UTF-8 text")
    if findings.found and not files:
        return None, tuple(findings.found)
    datamap, found = load_text(files, policy)
    return (None if findings.refuse() else datamap), (*findings.found, *found)


def load_text(files: Mapping[str, str], policy: Policy) -> tuple[DataMap | None, tuple[Finding, ...]]:
    """The same for texts by file name."""
    findings = Findings()
    drafts: list[DraftSource] = []
    for file, text in files.items():
        node, unreadable = read(file, text, LONGEST)
        findings.found.extend(unreadable)
        if node is not None:
            drafts.extend(sources(node, policy.zone, findings))
    if not files:
        findings.add("M001", Place("datamap"), "there is no data map", "write one, such as datamap/crm.yaml")
    read_clean = not findings.refuse()
    by_source: dict[str, DraftSource] = {}
    for draft in drafts:
        if draft.source in by_source:
            findings.add("M007", draft.place, f"{draft.source} has two maps", "put its tables in one file")
        else:
            by_source[draft.source] = look_up(draft, policy, findings)
    try:
        datamap = _checked(by_source, policy, findings) if read_clean else None
    except RecursionError:
        place = drafts[0].place if drafts else Place("datamap")
        message = "a path through the tables is too long to follow"
        findings.add("M036", place, message, TOO_FAR)
        datamap = None
    guesses = [found for file, text in files.items() if (found := guessed(file, text))]
    findings.found.extend(guesses)
    return (None if guesses else datamap), _sorted(findings)


def _checked(drafts: Mapping[str, DraftSource], policy: Policy, findings: Findings) -> DataMap | None:
    """In steps: what is missing after a mistake would be told as a second mistake."""
    resolved: dict[str, Checked] = {}
    for name, draft in drafts.items():
        own = Findings()
        read_ = resolve(draft, policy, own)
        findings.found.extend(own.found)
        if read_ is not None:
            resolved[name] = Checked(read_[0], draft, read_[1], policy, findings)
    if findings.refuse():
        return None
    for check in (check_structure, check_links, check_missing, check_reach, check_fixed, check_disclosed):
        for each in resolved.values():
            check(each)
        if findings.refuse():
            return None
    datamap = check_imports(resolved)
    return None if findings.refuse() else datamap


def _sorted(findings: Findings) -> tuple[Finding, ...]:
    return tuple(
        sorted(findings.found, key=lambda each: (each.place.file, each.place.line, each.place.column, each.code))
    )
