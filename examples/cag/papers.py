"""The papers that applicants sent in: a PDF of one page for each, in the folder where the system keeps them."""

from __future__ import annotations

import shutil
from pathlib import Path

FOLDER = "files/applications"
"""The store `applications`, from the project's directory (ombud.yaml)."""


def emptied(directory: Path) -> Path:
    """The folder, with nothing in it."""
    folder = directory / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write(folder: Path, name: str, *lines: str) -> None:
    """A paper of these lines."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(page(*lines))


def page(*lines: str) -> bytes:
    """A PDF (1.4) of one A4 page with these lines, in Latin letters."""
    told = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
    content = f"BT /F1 12 Tf 16 TL 72 770 Td {told} ET".encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + head + trailer


def _escaped(line: str) -> str:
    for each in "\\()":
        line = line.replace(each, f"\\{each}")
    return line
