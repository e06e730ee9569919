"""The population register as a batch file: text in UTF-8, one person a line, fields parted by semicolons.

The columns are in `COLUMNS`, in any order, named in the first line. Flags are JA or NEJ; anything else, an empty
field too, is no answer and makes the line an error. The file is read as a stream, a line at a time, whatever its
size. A person is not "not found" while some line could not be read: it may be theirs.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from ombud.datamap.identity import is_personnummer, normalise
from ombud.policy.shape import day
from ombud.rights.population import Address, Entry, NotFound, Permanent, Status
from ombud.terms import Finding, Place

COLUMNS = (
    "personnummer", "name", "care_of", "address_1", "address_2", "postcode", "city", "country",
    "confidential", "protected_registration", "status", "as_of",
)  # fmt: skip
FLAGS: Mapping[str, bool] = {"JA": True, "NEJ": False}
ZONE = ZoneInfo("Europe/Stockholm")
"""In which a date of `as_of` without a time is read: the end of that day."""

LONGEST = 10_000
"""Bytes of a line."""

MOST = 100
"""Errors that are told of one file."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that is not read, and why, without what stands in it. Lines count from 1."""

    line: int
    why: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PopulationFile:
    """A file that the register's batch service, or a person, put there. `called` is its name in messages."""

    path: Path
    called: str = "the population file"

    def look_up(self, personnummer: str) -> Entry | NotFound:
        """The entry of one number. Raises Permanent where the file, or a line that may be theirs, cannot be read."""
        return self.look_up_all([personnummer])[personnummer]

    def look_up_all(self, numbers: Collection[str]) -> Mapping[str, Entry | NotFound]:
        """The entries of many numbers in one pass. Raises Permanent as `look_up`, and where a number stands twice."""
        wanted = {normalise("personnummer", each) for each in numbers}
        found: dict[str, Entry] = {}
        unread = 0
        for line, each in self._entries():
            if isinstance(each, Wrong):
                unread += 1
            elif each.number in found:
                raise Permanent(f"{self.called}, line {line}: a number that stood before")
            elif each.number in wanted:
                found[each.number] = each
        if unread and len(found) < len(wanted):
            raise Permanent(f"{self.called}: {unread} lines cannot be read, and one may be of whom is looked for")
        known = self._written()
        return {each: found.get(normalise("personnummer", each), NotFound(known)) for each in numbers}

    def check(self) -> tuple[Finding, ...]:
        """What is wrong with the file by line, no more than `MOST`. Raises Permanent where it cannot be opened."""
        wrong = (each for _, each in self._entries() if isinstance(each, Wrong))
        return tuple(Finding("I001", Place(self.called, e.line, 1), e.why, e.hint) for e in islice(wrong, MOST))

    def _written(self) -> datetime:
        try:
            return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        except OSError as error:
            raise Permanent(f"{self.called} cannot be read: {error.strerror}") from None

    def _entries(self) -> Iterator[tuple[int, Entry | Wrong]]:
        try:
            with self.path.open("rb") as stream:
                names: list[str] | None = None
                for line, text in _texts(stream):
                    if isinstance(text, Wrong):
                        if names is None:
                            raise Permanent(f"{self.called}, line 1: {text.why}")
                        yield line, text
                    elif names is None:
                        names = self._names(text)
                    else:
                        yield line, _read(line, text, names)
                if names is None:
                    raise Permanent(f"{self.called} is empty")
        except OSError as error:
            raise Permanent(f"{self.called} cannot be read: {error.strerror}") from None

    def _names(self, text: str) -> list[str]:
        names = [name.strip() for name in text.split(";")]
        if sorted(names) != sorted(COLUMNS):
            lacking = ", ".join(sorted(set(COLUMNS) - set(names))) or "none is lacking; one is unknown or stands twice"
            raise Permanent(f"{self.called}, line 1: these columns belong there, and are lacking: {lacking}")
        return names


def line_of(text: str, names: Sequence[str] = COLUMNS) -> Entry | Wrong:
    """What one line says, as somebody types it: the columns in this order."""
    return _read(1, text, list(names))


def _texts(stream: BinaryIO) -> Iterator[tuple[int, str | Wrong]]:
    """The lines that are not empty, without their ends, numbered; a byte order mark is skipped."""
    line = 0
    while raw := stream.readline(LONGEST + 1):
        line += 1
        if len(raw) > LONGEST:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST)
            yield line, Wrong(line, f"longer than {LONGEST} bytes", "one person a line")
            continue
        try:
            text = raw.decode("utf-8-sig" if line == 1 else "utf-8").strip("\r\n")
        except UnicodeDecodeError as error:
            yield line, Wrong(line, f"byte {error.start + 1} is not UTF-8", "export the file as UTF-8")
            continue
        if text:
            yield line, text


def _read(line: int, text: str, names: list[str]) -> Entry | Wrong:
    try:
        fields = next(csv.reader([text], delimiter=";", strict=True))
    except csv.Error:
        return Wrong(line, "quotation marks that do not close", 'write a quotation mark inside a field as ""')
    if len(fields) != len(names):
        return Wrong(line, f"{len(fields)} fields, and {len(names)} columns", "quote a field that holds a semicolon")
    said = {name: field.strip() for name, field in zip(names, fields, strict=True)}
    if not is_personnummer(said["personnummer"]):
        return Wrong(line, "no personnummer or samordningsnummer", "write YYYYMMDDNNNN")
    for name in ("confidential", "protected_registration"):
        if said[name] not in FLAGS:
            return Wrong(line, f"{name} is neither JA nor NEJ", "an empty flag is no answer")
    if said["status"] not in tuple(Status):
        return Wrong(line, "an unknown status", f"write one of: {', '.join(Status)}")
    as_of = _instant(said["as_of"])
    if as_of is None:
        return Wrong(line, "as_of is no day and no instant", "write 2027-01-11, or 2027-01-11T08:00:00Z")
    return Entry(
        normalise("personnummer", said["personnummer"]),
        said["name"],
        _address(said),
        FLAGS[said["confidential"]],
        FLAGS[said["protected_registration"]],
        Status(said["status"]),
        as_of,
    )


def _address(said: Mapping[str, str]) -> Address | None:
    lines = tuple(said[each] for each in ("address_1", "address_2") if said[each])
    if not lines and not said["city"]:
        return None
    return Address(lines, said["postcode"], said["city"], said["care_of"], said["country"])


def _instant(text: str) -> datetime | None:
    if on := day(text):
        return datetime.combine(on, time.max, ZONE)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None
