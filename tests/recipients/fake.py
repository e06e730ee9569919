"""A messenger in memory: what real ones do, without a wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ombud.engine.messenger import Message, Passing, Permanent, Receipt


@dataclass
class Fake:
    """Keeps what it is given. `troubles` are raised first, one a sending."""

    sent: list[Message] = field(default_factory=list)
    troubles: list[Passing | Permanent] = field(default_factory=list)

    def send(self, message: Message, now: datetime) -> Receipt:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(message)
        return Receipt("fake", message.key, now)
