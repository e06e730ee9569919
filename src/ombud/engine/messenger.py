"""The port by which a message leaves: to a recipient of data, or to a person; sent, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `key` is the same whenever the same message is sent again, so that a repeat can be known.

    `text` is for people, `data` for programs; neither is ever printed.
    """

    key: str
    title: str = field(repr=False)
    text: str = field(repr=False)
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a message was taken over: by which way, under which reference, when. It holds no personal data."""

    way: str
    reference: str
    at: datetime


class Passing(Exception):
    """It was not taken now, and may be later; not before `after`, if that is said. The message holds no data."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.why, self.after = why, after


class Permanent(Exception):
    """It was refused for good: sending it again changes nothing. The message holds no data."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Messenger(Protocol):
    """A way to one recipient. What was sent and not known to be sent is sent again under the same key."""

    def send(self, message: Message, now: datetime) -> Receipt:
        """Hand it over. Raises Passing or Permanent."""
        ...
