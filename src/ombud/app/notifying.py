"""The outbox at work: what is due is sent, receipted, tried again later, or given up with a reason (Art. 19)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from ombud.engine.messenger import Message, Messenger, Passing, Permanent, Receipt
from ombud.register.model import Notice
from ombud.register.trouble import Conflict

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=12)
"""How long after the first attempt the next comes, and how long at most between two; each wait is twice the last."""

MOST = 16
"""Attempts, after which it is given up: about four days."""

LEASE = 600
"""Seconds for which a batch is a sender's own: longer than its messages take, one by one."""

BATCH = 20

PASSING, BY_HAND = "C181", "C182"
"""What the outbox says of a notice that waits: it was not taken yet; a person has to send it."""

HAND_AGAIN = timedelta(days=1)

OMBUD = "ombud"
"""Who gives up a notice that nobody has decided on."""


class Outbox(Protocol):
    """The notices that wait. `sent`, `failed` raise Conflict where another sender has taken the notice since."""

    def claim(self, most: int, now: datetime, seconds: int) -> Sequence[Notice]: ...
    def still_mine(self, notice: Notice, now: datetime) -> bool: ...
    def sent(self, notice: Notice, at: datetime, receipt: str) -> None: ...
    def failed(self, notice: Notice, trouble: str, again: datetime) -> None: ...
    def give_up(self, id: int, reason: str, by: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Told:
    """How many notices were sent, wait for another attempt, were given up, wait for a person; `lost` to others."""

    sent: int = 0
    later: int = 0
    given_up: int = 0
    by_hand: int = 0
    lost: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing that was due waits still."""
        return not (self.later or self.by_hand or self.given_up)


def tell(
    outbox: Outbox,
    messengers: Mapping[str, Messenger],
    now: Callable[[], datetime],
    jitter: Callable[[], float],
    *,
    batch: int = BATCH,
) -> Told:
    """Send everything that is due now, a batch at a time. `jitter` gives a number from 0 up to 1 for each wait.

    A sender that is killed after sending and before recording sends it again under the same key, once its lease is
    over: the key lets the recipient know the second copy.
    """
    told = Told()
    while claimed := outbox.claim(batch, now(), LEASE):
        for notice in claimed:
            if not outbox.still_mine(notice, now()):
                told = replace(told, lost=told.lost + 1)
                continue
            became = _one(outbox, messengers.get(notice.recipient), notice, now, jitter)
            told = replace(told, **{became: getattr(told, became) + 1})
    return told


def _one(
    outbox: Outbox,
    messenger: Messenger | None,
    notice: Notice,
    now: Callable[[], datetime],
    jitter: Callable[[], float],
) -> str:
    """Send one, and record what came of it. Gives the name of the count it belongs to."""
    try:
        if messenger is None or notice.content is None:
            outbox.failed(notice, BY_HAND, now() + HAND_AGAIN)
            return "by_hand"
        try:
            receipt = messenger.send(message_of(notice.key, notice.content), now())
        except Permanent as refusal:
            outbox.give_up(notice.id, refusal.why, OMBUD)
            return "given_up"
        except Passing as trouble:
            if notice.attempts >= MOST:
                outbox.give_up(notice.id, f"tried {notice.attempts} times: {trouble.why}", OMBUD)
                return "given_up"
            wait = delay(notice.attempts, jitter())
            outbox.failed(notice, PASSING, now() + max(wait, min(trouble.after or wait, 2 * LONGEST)))
            return "later"
        outbox.sent(notice, receipt.at, recorded(receipt))
    except Conflict:
        return "lost"
    return "sent"


def delay(attempts: int, jitter: float) -> timedelta:
    """How long to wait after so many attempts: doubled each time, at most `LONGEST`, from half of it to one and a half.

    `jitter` from 0 up to 1 says which, so that those who failed together do not come again together.
    """
    doubled: int = 2 ** min(max(attempts - 1, 0), 20)
    return min(FIRST * doubled, LONGEST) * (0.5 + jitter)


def recorded(receipt: Receipt) -> str:
    """A receipt as it is kept."""
    return f"{receipt.way} {receipt.reference}"


def content_of(message: Message) -> bytes:
    """A message as the outbox keeps it, without its key."""
    return json.dumps({"title": message.title, "text": message.text, "data": message.data}, ensure_ascii=False).encode()


def message_of(key: str, content: bytes) -> Message:
    """The same read back."""
    said = json.loads(content)
    return Message(key, said["title"], said["text"], said["data"])
