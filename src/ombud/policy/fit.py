"""Whether a tree fits a shape: every part that does not is taken out and told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import assert_never

from ombud.policy.shape import (
    NAMED,
    Again,
    ByForm,
    Day,
    Flag,
    Many,
    Named,
    Number,
    Record,
    Shape,
    Span,
    Steps,
    Text,
    Word,
    day,
    say,
    wrong_period,
)
from ombud.policy.tree import Entries, Entry, Form, Items, Node, Scalar, guess
from ombud.terms import Finding, Place

LONGEST_ECHO = 60
"""Characters."""


@dataclass(slots=True)
class _Report:
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, place: Place, message: str, hint: str = "") -> None:
        self.findings.append(Finding(code, place, message, hint))


def check(node: Node, shape: Shape) -> tuple[Node | None, tuple[Finding, ...]]:
    """Compare a tree with a shape. Gives the tree without what does not fit, and a finding for each such part.

    P006 unknown key, P007 missing key, P008 wrong form, P009 wrong value, P010 wrong period, P011 wrong day.
    """
    report = _Report()
    return _fit(node, shape, report), tuple(report.findings)


def _fit(node: Node, shape: Shape, report: _Report) -> Node | None:
    match shape:
        case Again(name):
            return _fit(node, NAMED[name], report)
        case ByForm():
            return _by_form(node, shape, report)
        case Many() | Steps():
            return _items(node, shape, report)
        case Record():
            return _record(node, shape, report)
        case Named():
            return _named(node, shape, report)
        case Text() | Word() | Day() | Span() | Number() | Flag():
            return _scalar(node, shape, report)
        case _:
            assert_never(shape)


def _by_form(node: Node, shape: ByForm, report: _Report) -> Node | None:
    if shape.empty and isinstance(node, Scalar) and node.form is Form.EMPTY:
        return Entries(node.place, ())
    chosen = {Scalar: shape.scalar, Items: shape.items, Entries: shape.entries}[type(node)]
    if chosen is None:
        wanted = [say(s) for s in (shape.scalar, shape.items, shape.entries) if s is not None]
        report.add("P008", node.place, f"{_form(node)} does not fit here", f"write {' or '.join(wanted)}")
        return None
    return _fit(node, chosen, report)


def _items(node: Node, shape: Many | Steps, report: _Report) -> Node | None:
    if not isinstance(node, Items):
        report.add("P008", node.place, f"{_form(node)} does not fit here", f"write {say(shape)}")
        return None
    least = 1 if isinstance(shape, Steps) else shape.least
    if len(node.nodes) < least:
        report.add("P007", node.place, "the list is empty", f"write {say(shape)}")
        return None
    if isinstance(shape, Steps) and len(node.nodes) > shape.most:
        report.add("P009", node.place, f"the list has more than {shape.most} steps", "say the same in fewer")
        return None
    fitted: list[Node] = []
    for n, item in enumerate(node.nodes):
        of = shape.of if isinstance(shape, Many) else (shape.first if n == 0 else shape.rest)
        kept = _fit(item, of, report)
        if kept is None and isinstance(shape, Steps):
            return None
        if kept is not None:
            fitted.append(kept)
    return Items(node.place, tuple(fitted))


def _record(node: Node, shape: Record, report: _Report) -> Node | None:
    if not isinstance(node, Entries):
        report.add("P008", node.place, f"{_form(node)} does not fit here", f"write {say(shape)}")
        return None
    entries: list[Entry] = []
    for entry in node.entries:
        key = shape.keys.get(entry.key)
        if key is None:
            report.add(
                "P006",
                entry.place,
                f"{_cut(entry.key)!r} is not a key of {shape.what}",
                shape.elsewhere.get(entry.key) or guess(entry.key, dict(shape.keys)),
            )
        elif (kept := _fit(entry.node, key.shape, report)) is not None:
            entries.append(Entry(entry.key, entry.place, kept))
        elif entry.key in shape.apart:
            entries.append(Entry(entry.key, entry.place, Scalar(entry.node.place, "", Form.EMPTY)))
    written = frozenset(entry.key for entry in node.entries)
    missing = [name for name, key in shape.keys.items() if key.required and name not in written]
    for name in missing:
        report.add("P007", node.place, f"{shape.what} has no {name}", f"add {name}: {shape.keys[name].says}")
    if shape.forms and written & frozenset(shape.keys) not in shape.forms:
        forms = " or ".join("{" + ", ".join(k for k in shape.keys if k in form) + "}" for form in shape.forms)
        report.add("P007", node.place, f"the keys of {shape.what} do not go together", f"write {forms}")
        return None
    if len(written) < shape.least:
        report.add("P007", node.place, f"{shape.what} says nothing", guess("", dict(shape.keys)))
        return None
    lost = shape.forms and len(entries) < len(node.entries)
    gone = any(key.required and all(e.key != name for e in entries) for name, key in shape.keys.items())
    return None if gone or lost else Entries(node.place, tuple(entries))


def _named(node: Node, shape: Named, report: _Report) -> Node | None:
    if not isinstance(node, Entries):
        report.add("P008", node.place, f"{_form(node)} does not fit here", f"write {say(shape)}")
        return None
    entries: list[Entry] = []
    for entry in node.entries:
        if not re.search(shape.pattern, entry.key):
            report.add(
                "P009", entry.place, f"{_cut(entry.key)!r} cannot name {shape.what}", "use letters a-z, digits and _"
            )
        elif (kept := _fit(entry.node, shape.of, report)) is not None:
            entries.append(Entry(entry.key, entry.place, kept))
    if len(node.entries) < shape.least:
        report.add("P007", node.place, f"there is no {shape.what}", f"write {say(shape)}")
        return None
    return Entries(node.place, tuple(entries))


def _scalar(node: Node, shape: Text | Word | Day | Span | Number | Flag, report: _Report) -> Node | None:
    if not isinstance(node, Scalar) or node.form is Form.EMPTY:
        report.add("P008", node.place, f"{_form(node)} does not fit here", f"write {say(shape)}")
        return None
    wanted = {Number: Form.NUMBER, Flag: Form.FLAG}.get(type(shape), Form.TEXT)
    if node.form is not wanted:
        still = _wrong(node.text, shape) if wanted is Form.TEXT else ("", "", f"write {say(shape)}")
        hint = still[2] if still else f'put it in quotes: "{_cut(node.text)}"'
        report.add("P008", node.place, f"{_cut(node.text)} is read as {_form(node)}", hint)
        return None
    wrong = _wrong(node.text, shape)
    if wrong is not None:
        report.add(wrong[0], node.place, wrong[1], wrong[2])
        return None
    return node


def _wrong(text: str, shape: Text | Word | Day | Span | Number | Flag) -> tuple[str, str, str] | None:
    match shape:
        case Text():
            if not re.search(shape.pattern, text):
                return shape.code, f"{_cut(text)!r} is not {shape.what}", shape.hint or f"write {shape.what}"
        case Word():
            if text not in shape.words:
                return "P009", f"{_cut(text)!r} is not {shape.what}", guess(text, shape.words)
        case Day():
            if day(text) is None:
                return "P011", f"{_cut(text)!r} is not a day of the calendar", "write YYYY-MM-DD"
        case Span():
            return wrong_period(_cut(text))
        case Number():
            if (
                not (text.isdecimal() and text.isascii())
                or not shape.least <= int(text[:9]) <= shape.most
                or len(text) > 9
            ):
                return "P009", f"{_cut(text)} is out of bounds", f"write {say(shape)}"
        case Flag():
            return None
        case _:
            assert_never(shape)
    return None


def _cut(text: str) -> str:
    """As much of what somebody wrote as a finding repeats."""
    return text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "…"


def _form(node: Node) -> str:
    match node:
        case Scalar():
            return {Form.TEXT: "text", Form.NUMBER: "a number", Form.FLAG: "true or false", Form.EMPTY: "nothing"}[
                node.form
            ]
        case Items():
            return "a list"
        case Entries():
            return "a mapping"
        case _:
            assert_never(node)
