"""What a check found, as Markdown for a comment on a change."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MOST = 50
"""Findings that are written out: hosts cut long comments off."""

_TITLES = {"error": "To mend", "warning": "To look at"}

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&!]|:(?=//)|(?<=www)\.)")
_REFERENCES = re.compile(r"([@#])(?=\w)")
"""Hosts look for these after Markdown is read, so that no escape keeps a name from being told of somebody's table."""


def comment(findings: Iterable[Mapping[str, Any]], looked: str) -> str:
    """A heading that says how it went, then errors and warnings file by file. `looked` says what was compared.

    Nothing in a name can turn into markup, a link or a mention. `findings` are as `Speaker.told` gives them.
    """
    told = [each for each in findings if each["level"] in _TITLES]
    counts = {level: sum(each["level"] == level for each in told) for level in _TITLES}
    lines = [f"### ombud: {_summary(counts)}", "", f"{_plain(looked)}", ""]
    left = MOST
    for level, title in _TITLES.items():
        of_level = [each for each in told if each["level"] == level]
        shown, left = of_level[:left], max(0, left - len(of_level))
        if shown:
            lines += [f"**{title}**", "", *_by_file(shown), ""]
    if len(told) > MOST:
        lines += [f"… and {len(told) - MOST} more: `ombud check --live` tells all.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _summary(counts: Mapping[str, int]) -> str:
    if not any(counts.values()):
        return "the map fits ✅"
    said = [f"{many} {level}{'s' * (many != 1)}" for level, many in counts.items() if many]
    return f"{' and '.join(said)} {'❌' if counts['error'] else '⚠️'}"


def _by_file(findings: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    files: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in findings:
        files[each["file"]].append(each)
    for file, own in files.items():
        yield f"- {_code(file)}"
        for each in own:
            line = f"line {each['line']}: " if each["line"] else ""
            yield f"  - {line}{_plain(each['message'])} ({each['code']})"
            if each["hint"]:
                yield f"    → {_plain(each['hint'])}"


def _plain(text: str) -> str:
    """Text that reads as it is, on one line; what stands between backticks is code."""
    words = " ".join(text.split()).split("`")
    if len(words) % 2 == 0:
        return _escaped("`".join(words))
    return "".join(f"`{each}`" if n % 2 and each else _escaped(each) for n, each in enumerate(words))


def _escaped(text: str) -> str:
    return _REFERENCES.sub("\\1\u200b", _MARKUP.sub(r"\\\1", text))


def _code(text: str) -> str:
    return f"`{' '.join(text.split()).replace('`', '´')}`"
