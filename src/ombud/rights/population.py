"""The population register as ombud asks it: one number, one entry or none, and whether an identity is protected.

Behind the port stand people with a telephone, a batch file, or a licensed service; the tests hold all to one law.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Status(StrEnum):
    """Whether somebody is in the register now. `REPLACED`: the number was given up for another.

    The other number is never read: a new identity is not linked with the one before (spec/identity.md).
    """

    REGISTERED = "registered"
    DECEASED = "deceased"
    EMIGRATED = "emigrated"
    REPLACED = "replaced"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """A registered postal address as it is printed. It does not print here. `country` empty: Sweden."""

    lines: tuple[str, ...] = field(repr=False)
    postcode: str = field(repr=False)
    city: str = field(repr=False)
    care_of: str = field(default="", repr=False)
    country: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register says of one number (12 digits) at `as_of` (aware). Nothing of it but the flags prints.

    `confidential` is sekretessmarkering, `protected_registration` skyddad folkbokföring (folkbokföringslagen 16 §).
    Where either stands there is no address here, whatever was given: what is not held cannot leak.
    """

    number: str = field(repr=False)
    name: str = field(repr=False)
    address: Address | None
    confidential: bool
    protected_registration: bool
    status: Status
    as_of: datetime

    def __post_init__(self) -> None:
        if self.protected:
            object.__setattr__(self, "address", None)

    @property
    def protected(self) -> bool:
        """Whether a flag stands. That none stands does not say that the person is safe."""
        return self.confidential or self.protected_registration


@dataclass(frozen=True, slots=True)
class NotFound:
    """The register knows no such number, as of an instant (aware)."""

    as_of: datetime


class RegisterTrouble(Exception):
    """The register gave no answer; the message holds no personal data. Whether somebody is protected is not known,

    and until it is they are treated as if they were.
    """


class Passing(RegisterTrouble):
    """Asking again later may help: a timeout, a service that is down."""


class Permanent(RegisterTrouble):
    """Asking again changes nothing: a certificate, a permission, a file that cannot be read."""


class PopulationRegister(Protocol):
    """Where a number is looked up."""

    def look_up(self, personnummer: str) -> Entry | NotFound:
        """What is known of a personnummer or samordningsnummer, however written. Raises RegisterTrouble."""
        ...
