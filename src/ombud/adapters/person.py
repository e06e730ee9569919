"""The way to a person: the address stands in the message, and it is not sent once its time has passed."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field, replace
from datetime import datetime

from ombud.adapters.mail import Mail, Server
from ombud.engine.messenger import Message, Permanent, Receipt


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Mail to whom `data["to"]` of a message names, at the latest at `data["until"]` (an aware instant, ISO 8601)."""

    server: Server
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def send(self, message: Message, now: datetime) -> Receipt:
        """Hand it to the server, without what only says where it goes. Raises Passing or Permanent."""
        if now > datetime.fromisoformat(message.data["until"]):
            raise Permanent("its time has passed")
        return Mail(self.server, message.data["to"], self.context).send(replace(message, data={}), now)
