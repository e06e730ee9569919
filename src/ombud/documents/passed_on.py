"""What was passed on to recipients of a person's data (Art. 19), as the person is told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Informed:
    """A recipient that was told, by name, and the day."""

    name: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PassedOn:
    """By name: who was told, who is being told, and of whom that is impossible or takes disproportionate effort."""

    told: tuple[Informed, ...] = ()
    underway: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()
    disproportionate: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return bool(self.told or self.underway or self.impossible or self.disproportionate)


TO_NOBODY = PassedOn()


@dataclass(frozen=True, slots=True)
class RecipientsOutcome:
    """What came of recipients that were being told as the answer went: the letter that follows it."""

    request: str
    received: date
    passed_on: PassedOn
