"""Asks typst which characters its fonts can show: `python -m ombud.documents.glyphs_asked` prints the table."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Sequence
from importlib import resources
from unicodedata import category

HIDING = (
    "\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2061\u2062\u2063\u2064\uffa0\ufffc\U0001bca0\U0001bca1\U0001bca2\U0001bca3"
    "\xad\u200b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb"
)
"""What the fonts pass over, and a letter shows as a box: it is not seen, or turns what stands after it."""


def asked() -> str:
    """Every character of the first two planes that typst can set into PDF/A-2a with its own fonts, as ranges."""
    import typst

    template = resources.files("ombud.documents").joinpath("letter.typ").read_text(encoding="utf-8")
    fonts = re.findall(r"font: \([^)]*\)", template)[0]
    source = f'#set document(title: "x")\n#set text({fonts})\n'
    source += "#for each in json(bytes(sys.inputs.body)) { box(each) }\n"
    compiler = typst.Compiler(ignore_system_fonts=True)

    def shown(points: Sequence[int]) -> list[int]:
        try:
            data = json.dumps([chr(point) for point in points])
            compiler.compile(
                input=source.encode(), sys_inputs={"body": data}, format="pdf", pdf_standards=["a-2a", "ua-1"]
            )
        except typst.TypstError:
            half = len(points) // 2
            return [*shown(points[:half]), *shown(points[half:])] if half else []
        return list(points)

    known = [p for p in range(0x20, 0x20000) if category(chr(p)) not in ("Cc", "Cn", "Co", "Cs")]
    known = [p for p in known if chr(p) not in HIDING and not 0xFE00 <= p <= 0xFE0F]
    ranges: list[list[int]] = []
    for point in (p for start in range(0, len(known), 64) for p in shown(known[start : start + 64])):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in ranges)


if __name__ == "__main__":
    sys.stdout.write("\n".join(textwrap.wrap(asked(), 108, break_on_hyphens=False)) + "\n")
