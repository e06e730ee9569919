"""An answer as tables: a zip with one CSV per company and use, what each file is, and the attached files."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import PurePosixPath
from typing import IO, Any

from ombud.documents.as_json import complete, json_chunks
from ombud.documents.exact import exact, written
from ombud.documents.extract import Datum, Extract, Hold, Record
from ombud.documents.grouped import cells, held
from ombud.documents.masked import shown
from ombud.documents.readme import readme
from ombud.documents.stated import Stated
from ombud.policy.model import Policy

COLUMNS = {
    "source": "the system",
    "table": "the table there",
    "key": "the row there",
    "name": "the cell's name there",
    "category": "what kind of data it is, by the policy",
    "title": "the same, in words",
    "type": "the kind of value; `text/json` is a text written as a JSON string, because it holds what CSV cannot",
    "value": "the value, exactly",
    "provenance": "provided by the person, observed, or unknown",
    "basis": "the legal basis",
    "article": "its article",
    "statutes": "statutes that demand it",
    "until": "the last day; empty where there is none yet",
    "kept": "until when, in words",
    "file": "the attached file that the cell names",
}
"""The columns of each file, and what they say."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet calculate with a cell, or may (OWASP, CSV injection)."""

DEFUSED = "'"
"""Stands before a cell that could be taken for a formula, and before one that begins with it: the first one goes."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)")

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Every file in a zip has this time: equal answers are equal bytes (a zip knows no earlier one)."""


def csv_zip(extract: Extract, policy: Policy, language: str = "sv") -> bytes:
    """The zip as bytes; see `write_csv_zip`."""
    target = io.BytesIO()
    write_csv_zip(target, extract, policy, language)
    return target.getvalue()


def write_csv_zip(target: IO[bytes], extract: Extract, policy: Policy, language: str = "sv") -> None:
    """Write a zip: readme.txt, one CSV per company and use, and attached files under files/.

    CSV by RFC 4180, in UTF-8 with a byte order mark. A datum that several purposes hold stands in each one's file. For
    `kind == "port"` the same data is there as JSON too, with both schemas (Art. 20: structured, commonly used,
    machine-readable). Equal answers give equal bytes.
    """
    stated = Stated(policy, language)
    names = _names(extract, stated)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with _file(archive, "readme.txt") as file:
            file.write(
                readme(extract, stated, names, COLUMNS, is_complete=complete(extract)).encode("utf-8-sig", "replace")
            )
        for (company, purpose), name in names.items():
            with _file(archive, name) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
                rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
                rows.writerow(COLUMNS)
                for row in _rows(extract, company, purpose, stated):
                    rows.writerow(map(defused, row))
        for name, data in sorted(extract.attached.items()):
            with _file(archive, f"files/{_safe(name)}") as file:
                file.write(data)
        if extract.kind == "port":
            _as_json(archive, extract, policy, language, list(names.values()))


def defused(text: str) -> str:
    """A cell that no spreadsheet calculates with. `undefused` gives the text back."""
    if _NUMBER.fullmatch(text):
        return text
    return DEFUSED + text if text.startswith((*STARTS_A_FORMULA, DEFUSED)) else text


def undefused(cell: str) -> str:
    """The text of a cell."""
    return cell.removeprefix(DEFUSED)


def in_a_cell(value: object) -> tuple[str, str]:
    """A value's kind and its text; `text/json` where the text holds what a cell cannot."""
    kind, plain = exact(value)
    if isinstance(plain, str):
        return ("text/json", json.dumps(plain)) if _UNWRITABLE.search(plain) else (kind, plain)
    return kind, "" if plain is None else written(plain)


def _rows(extract: Extract, company: str, purpose: str, stated: Stated) -> Iterator[tuple[str, ...]]:
    told: dict[Hold | None, tuple[str, ...]] = {None: ("",) * 5}
    for record in extract.records:
        if record.company == company:
            for datum, hold in cells(record, purpose):
                if hold not in told:
                    told[hold] = _held(company, hold, stated) if hold else ()
                yield tuple(map(_writable, _row(record, datum, told[hold], stated)))


def _row(record: Record, datum: Datum, held: tuple[str, ...], stated: Stated) -> tuple[str, ...]:
    return (
        record.source,
        record.table,
        record.key,
        datum.name,
        datum.category,
        stated.category(datum.category) if datum.category else "",
        *in_a_cell(shown(datum).value),
        datum.provenance or "unknown",
        *held,
        f"files/{_safe(datum.file)}" if datum.file else "",
    )


def _held(company: str, hold: Hold, stated: Stated) -> tuple[str, ...]:
    until = hold.until.isoformat() if hold.until else ""
    return (
        stated.basis(hold.basis),
        stated.article(hold.basis),
        "; ".join(hold.statutes),
        until,
        stated.kept(company, hold),
    )


def _writable(text: str) -> str:
    """A text that UTF-8 can hold: a lone surrogate outside of `value` is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8") if _UNWRITABLE.search(text) else text


def _as_json(archive: zipfile.ZipFile, extract: Extract, policy: Policy, language: str, tables: list[str]) -> None:
    with _file(archive, "data.json") as file:
        for chunk in json_chunks(extract, policy, language):
            file.write(chunk)
    with _file(archive, "data.schema.json") as file:
        file.write(resources.files("ombud.documents").joinpath("extract.schema.json").read_bytes())
    with _file(archive, "csv-metadata.json") as file:
        file.write((json.dumps(metadata(tables), indent=2, ensure_ascii=False) + "\n").encode("utf-8"))


def metadata(tables: list[str]) -> dict[str, Any]:
    """The CSV files' schema, by Metadata Vocabulary for Tabular Data (W3C, CSV on the Web)."""
    columns = [
        {"name": name, "titles": name, "dc:description": says, "datatype": "string"} for name, says in COLUMNS.items()
    ]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "tables": [{"url": table, "tableSchema": {"columns": columns}} for table in tables],
    }


def _names(extract: Extract, stated: Stated) -> dict[tuple[str, str], str]:
    """A file's name for each company and purpose: a number, and what the group does with it."""
    names = {}
    for number, (company, purpose) in enumerate(held(extract, stated.policy), start=1):
        title = stated.purpose_title(company, purpose) if purpose else stated.say("nowhere")
        names[company, purpose] = f"{number:02}-{_plain(stated.company(company))}-{_plain(title)}.csv"
    return names


def _plain(text: str) -> str:
    """Letters and digits of ASCII, for a file's name."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60].strip("-") or "x"


def _safe(name: str) -> str:
    """A file's name that stays inside its folder when it is unpacked, whatever the source called it."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    kept = "/".join(re.sub(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"|?*]', "_", part) for part in parts)
    return kept or "file"


def _file(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    information = zipfile.ZipInfo(name, EARLIEST)
    information.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(information, "w", force_zip64=True)
