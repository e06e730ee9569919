"""A statement on as few lines as can be read: what fits on one line stands on one."""

from __future__ import annotations

WIDTH = 120


def folded(text: str, width: int = WIDTH) -> str:
    """The text of a statement, whose lines are indented by what they are part of, with short parts on one line."""
    lines = text.split("\n")
    return "\n".join(_fold(lines, width))


def _fold(lines: list[str], width: int) -> list[str]:
    """Lines of one depth and what is below each, folded from the outside in."""
    found: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        depth = _depth(lines[at])
        while end < len(lines) and _depth(lines[end]) > depth:
            end += 1
        if end < len(lines) and end > at + 1 and _depth(lines[end]) == depth and lines[end].lstrip().startswith(")"):
            end += 1  # the bracket that ends what this line began
        part = lines[at:end]
        whole = _joined(part)
        if len(part) == 1 or len(whole) <= width:
            found.append(whole)
        else:
            closed = part[-1:] if _depth(part[-1]) == depth else []
            found += [part[0], *_fold(part[1 : len(part) - len(closed)], width), *closed]
        at = end
    return found


def _joined(part: list[str]) -> str:
    first, *others = part
    whole = first
    for each in others:
        text = each.strip()
        whole += text if whole.endswith("(") or text.startswith(")") else f" {text}"
    return whole


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
