"""Putting it on a terminal: clean text, tables that fit, and the same as JSON for programs."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from ombud.cli.columns import BETWEEN, widths
from ombud.terms import Finding, Level

_SURROGATES = re.compile("[\ud800-\udfff]")

STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.ACCEPTED: "dim"}


def clean(text: object, *, lines: bool = False) -> str:
    """Text that cannot move the cursor, turn or hide: no control, format or surrogate characters."""
    kept = "\n" if lines else ""
    return "".join(
        c if c in kept or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else "�"
        for c in str(text)
    )


@dataclass
class Speaker:
    """Says things to a terminal or a pipe; as JSON it says one object, at the end. Findings go to standard error."""

    json: bool
    here: Path
    project: Path = field(default_factory=Path)

    def __post_init__(self) -> None:
        self.out = Console(highlight=False, soft_wrap=False, emoji=False, markup=False)
        self.err = Console(stderr=True, highlight=False, soft_wrap=False, emoji=False, markup=False)

    def line(self, *parts: object | tuple[object, str], indent: int = 0) -> None:
        """One paragraph, each part plain or with a style."""
        if not self.json:
            _paragraph(self.out, parts, indent)

    def table(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[object]],
        *,
        right: Iterable[int] = (),
        whole: Iterable[int] = (),
        least: Mapping[int, int] | None = None,
    ) -> None:
        """A table; columns in `right` hold numbers, those in `whole` are not broken, `least` is their narrowest."""
        if self.json:
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
        cells = [[each if isinstance(each, Text) else Text(clean(each, lines=True)) for each in row] for row in rows]
        plain = [list(heads), *([cell.plain for cell in row] for row in cells)]
        numbers = set(right)
        room = self.out.width if self.out.is_terminal else None
        found = widths(plain, room, {*numbers, *whole}, least)
        for n, head in enumerate(heads):
            table.add_column(head, justify="right" if n in numbers else "left", overflow="fold", width=found[n])
        for row in cells:
            table.add_row(*row)
        if room is None:  # a pipe is as wide as its words
            self.out.width = max(self.out.width, sum(found) + BETWEEN * len(found))
        self.out.print(table)

    def answer(self, said: Any) -> None:
        """The whole answer, as JSON; nothing where the answer is text."""
        if self.json:
            # A surrogate, in place of a byte that is no text, is in no JSON (RFC 8259, 8.1).
            sys.stdout.write(
                _SURROGATES.sub("\ufffd", json.dumps(said, indent=2, ensure_ascii=False, default=str)) + "\n"
            )

    def findings(self, findings: Iterable[Finding]) -> None:
        """Each with its place, its code, what is wrong, and the way out."""
        if self.json:
            return
        for finding in findings:
            head = f"{clean(self.place(finding))}: "
            style = STYLES[finding.level]
            _paragraph(self.err, (head, (f"{finding.level} {finding.code}", style), ": ", finding.message), 0)
            if finding.hint:
                _paragraph(self.err, (("→ ", "green"), finding.hint), 4)

    def refuse(self, findings: Sequence[Finding]) -> None:
        """Say why nothing, or not all, was done."""
        self.findings(findings)
        self.answer({"findings": self.told(findings)})

    def stop(self, error: OSError) -> None:
        """Say which file could not be used, and why."""
        name = clean(os.path.relpath(error.filename)) if isinstance(error.filename, str) else "a file"
        message = f"{name}: {error.strerror or type(error).__name__}"
        _paragraph(self.err, (("error C029", STYLES[Level.ERROR]), ": ", message), 0)
        self.answer({"findings": [{"code": "C029", "level": "error", "message": message}]})

    def told(self, findings: Iterable[Finding]) -> list[dict[str, Any]]:
        """Findings for JSON."""
        return [
            {
                "code": f.code,
                "level": f.level.value,
                "file": self.place(f).rsplit(":", 2)[0] if f.place.line else self.place(f),
                "line": f.place.line,
                "column": f.place.column,
                "message": f.message,
                "hint": f.hint,
            }
            for f in findings
        ]

    def place(self, finding: Finding) -> str:
        """Where it stands, named from the directory the command runs in."""
        file = self.project / finding.place.file
        shown = os.path.relpath(file, self.here) if file.exists() else finding.place.file
        shown = str(file) if shown.startswith("..") else shown
        return f"{shown}:{finding.place.line}:{finding.place.column}" if finding.place.line else shown

    def progress(self) -> Progress:
        """A bar on a terminal, and nothing elsewhere."""
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn())
        return Progress(*columns, console=self.err, transient=True, disable=self.json or not self.err.is_terminal)


def _paragraph(console: Console, parts: Sequence[object | tuple[object, str]], indent: int) -> None:
    text = Text()
    for part in parts:
        if isinstance(part, tuple):
            text.append(clean(part[0], lines=True), style=part[1])
        else:
            text.append(clean(part, lines=True))
    if not console.is_terminal:  # a pipe wants whole lines
        for line in text.split("\n"):  # and a continuous integration takes one that begins with `::` for a command
            console.print(
                Text(" " * (indent or (2 if line.plain.startswith(("::", "##[")) else 0))) + line, soft_wrap=True
            )
        return
    for line in text.wrap(console, max(20, console.width - indent)):
        line.rstrip()
        console.print(Text(" " * indent) + line)
