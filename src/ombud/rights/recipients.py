"""Which recipients must be told what became of the data they got, and what became of telling them (Art. 19 GDPR)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ombud.documents.extract import Disclosed
from ombud.rights.model import Telling, Told


class Cause(StrEnum):
    """Why a recipient is told: Arts 16, 17(1), 18, and the end of the time for which data is kept (P15)."""

    CORRECTED = "corrected"
    ERASED = "erased"
    RESTRICTED = "restricted"
    RETENTION_ENDED = "retention_ended"


BY_PURPOSE: Mapping[Cause, bool] = {
    Cause.CORRECTED: False,  # what is wrong is wrong whatever it was handed over for
    Cause.ERASED: True,
    Cause.RESTRICTED: True,
    Cause.RETENTION_ENDED: True,
}
"""Whether it concerns only what was handed over for the purposes in question."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A recipient that must be told, and of which purposes. `last` is the day on which data was last handed over."""

    recipient: str
    cause: Cause
    purposes: frozenset[str]
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ToTell:
    """Who must be told; and who may have data, though no handing-over is recorded: telling them would itself disclose
    something about the person, so somebody decides.
    """

    notices: tuple[Notice, ...]
    perhaps: tuple[str, ...] = ()


def to_tell(cause: Cause, disclosures: Iterable[Disclosed], purposes: Collection[str] | None = None) -> ToTell:
    """Who must be told, of a person's disclosures. `purposes`: whose data is concerned, None for all."""
    received: dict[str, list[Disclosed]] = {}
    perhaps: set[str] = set()
    for each in disclosures:
        if purposes is not None and BY_PURPOSE[cause] and each.purpose not in purposes:
            continue
        if each.how == "received":
            received.setdefault(each.recipient, []).append(each)
        else:
            perhaps.add(each.recipient)
    notices = tuple(
        Notice(
            recipient,
            cause,
            frozenset(each.purpose for each in handed),
            max((each.day for each in handed if each.day is not None), default=None),
        )
        for recipient, handed in sorted(received.items())
    )
    return ToTell(notices, tuple(sorted(perhaps - received.keys())))


def opened(tellings: Mapping[str, Telling], recipients: Iterable[str]) -> Mapping[str, Telling]:
    """With these recipients to be told: anew, where they were told of something before."""
    return {**tellings, **{recipient: Telling(recipient) for recipient in recipients}}


def settled(
    tellings: Mapping[str, Telling], recipient: str, told: Told, words: str, day: date
) -> Mapping[str, Telling]:
    """With one recipient told, with the receipt; or not, with the reason."""
    return {**tellings, recipient: Telling(recipient, told, words, day)}


def unsettled(tellings: Iterable[Telling]) -> tuple[str, ...]:
    """What keeps a case open: each recipient with neither a receipt nor a recorded reason, in words."""
    return tuple(
        f"{each.recipient} is neither told, with a receipt, nor is there a reason why not (Art. 19)"
        for each in sorted(tellings, key=lambda each: each.recipient)
        if each.told is Told.OPEN or not each.words.strip()
    )


def may_close(tellings: Iterable[Telling]) -> bool:
    """Whether every recipient is told with a receipt, or there is a recorded reason why not."""
    return not unsettled(tellings)
