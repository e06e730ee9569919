"""Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

_LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning", "accepted": "note"}


def sarif(findings: Iterable[Mapping[str, Any]]) -> str:
    """One run of one tool. `findings` are as `Speaker.told` gives them, with files named from where the command runs.

    A finding of a whole file stands at its first line, for a host shows nothing that has no line. What a policy
    accepts is suppressed. Fingerprints tell the same finding again when lines above it have moved.
    """
    said = list(findings)
    rules = sorted({each["code"] for each in said})
    run = {
        "tool": {
            "driver": {
                "name": "ombud",
                "version": version("ombud"),
                "rules": [{"id": code, "name": code} for code in rules],
            }
        },
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the directory that the command ran in"}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules.index(each["code"])) for each in said],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _result(finding: Mapping[str, Any], rule: int) -> dict[str, Any]:
    way_out = f"\n\n→ {finding['hint']}" if finding["hint"] else ""
    found: dict[str, Any] = {
        "ruleId": finding["code"],
        "ruleIndex": rule,
        "level": _LEVELS[finding["level"]],
        "message": {"text": f"{finding['message']}{way_out}"},
        "locations": [{"physicalLocation": {"artifactLocation": _file(finding["file"]), "region": _region(finding)}}],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
    }
    if finding["level"] == "accepted":
        found["suppressions"] = [{"kind": "external", "justification": "accepted in the policy"}]
    return found


def _file(name: str) -> dict[str, str]:
    """A path as a URI reference (RFC 3986), below where the command runs if it is there."""
    path = Path(name)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    # `:` in the first part of a relative reference would read as a scheme.
    return {"uri": quote(path.as_posix(), safe="/"), "uriBaseId": "%SRCROOT%"}


def _region(finding: Mapping[str, Any]) -> dict[str, int]:
    region = {"startLine": max(1, finding["line"])}
    return region | {"startColumn": finding["column"]} if finding["line"] and finding["column"] else region


def _fingerprint(finding: Mapping[str, Any]) -> str:
    said = "\0".join((finding["code"], Path(finding["file"]).as_posix(), finding["message"]))
    return sha256(said.encode("utf-8", "replace")).hexdigest()
