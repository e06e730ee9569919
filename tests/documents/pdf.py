"""Reads a PDF as its reader would: text in order, places in millimetres, what its metadata and its structure say."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, cast

import pypdf
import pypdfium2

POINT = 25.4 / 72
"""Millimetres."""


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in reader(pdf).pages)


def root(pdf: bytes) -> dict[str, Any]:
    """The document's catalogue."""
    return cast(dict[str, Any], reader(pdf).trailer["/Root"])


def quick_text(pdf: bytes) -> str:
    """The text of all pages as it is painted, where the order does not matter."""
    document = pypdfium2.PdfDocument(pdf)
    found = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return found


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in millimetres from the sheet's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def within(self, other: Box) -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def touches(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def moved(self, across: float, down: float) -> Box:
        return Box(self.left + across, self.top + down, self.right + across, self.bottom + down)


def letters_of(pdf: bytes, page: int = 0) -> list[tuple[str, Box]]:
    """Every visible character of a page, with the rectangle of its ink."""
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[page]
    height = sheet.get_height()
    content = sheet.get_textpage()
    found = []
    for place in range(content.count_chars()):
        letter = content.get_text_range(place, 1)
        if letter.strip():
            left, bottom, right, top = content.get_charbox(place)
            found.append((letter, Box(left * POINT, (height - top) * POINT, right * POINT, (height - bottom) * POINT)))
    document.close()
    return found


def tags(pdf: bytes) -> list[str]:
    """The structure's tags, in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        each = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(each, list):
            for kid in each:
                walk(kid)
        elif isinstance(each, dict) and ("/S" in each or each.get("/Type") == "/StructTreeRoot"):
            if "/S" in each:
                found.append(str(each["/S"]))
            walk(each.get("/K", []))

    walk(root(pdf)["/StructTreeRoot"])
    return found
