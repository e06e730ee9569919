"""The outbox in the store: what has to reach somebody, claimed by one sender at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from ombud.register import models
from ombud.register.base import MOST, Base, batched
from ombud.register.model import OF_REQUESTS, Channel, Notice, Why
from ombud.register.trouble import Conflict

_WAITING = Q(sent_at=None, given_up="")


class Outbox(Base):
    """Every notice, until it was sent or given up with a reason."""

    def add_notices(self, notices: Sequence[Notice]) -> int:
        """Put them into the outbox, and say how many are new: one whose key is there already is the same one."""
        rows = [
            models.Notice(
                request_id=each.request,
                disclosure_id=each.disclosure,
                recipient=each.recipient,
                why=each.why.value,
                channel=each.channel.value,
                key=each.key,
                content=None if each.content is None else self._seal.seal(each.content, _about(each.key)),
                made=each.made,
                next_attempt=each.next_attempt or each.made,
            )
            for each in notices
        ]
        with self.transaction():
            known = set(
                self._all(models.Notice).filter(key__in=[row.key for row in rows]).values_list("key", flat=True)
            )
            self._add(models.Notice, rows, ignore_conflicts=True)
        return len({row.key for row in rows} - known)

    def notices_due(self, now: datetime, only: Why | None = None) -> int:
        """How many are to be sent by now, and in nobody's hands. `only`: as for `claim`."""
        return int(self._due(now, only).count())

    def claim(self, most: int, now: datetime, seconds: int, only: Why | None = None) -> tuple[Notice, ...]:
        """Take at most so many that are due, for so many seconds; nobody else gets them until then.

        `only`: of these; without it, all but those that have a sender of their own.

        Each counts as an attempt from now on. A sender that takes longer may find another beside it: it asks
        `still_mine` before it sends, and the notice's `key` lets the recipient know a second copy.
        """
        lease = self._random(16).hex()
        with self.transaction():
            rows = self._due(now, only).select_for_update(skip_locked=True).order_by("next_attempt", "id")
            ids = list(rows.values_list("id", flat=True)[:most])
            mine = self._all(models.Notice).filter(id__in=ids)
            until = now + timedelta(seconds=seconds)
            mine.update(lease=lease, leased_until=until, attempts=F("attempts") + 1)
        return tuple(self._notice(row) for row in mine.order_by("next_attempt", "id"))

    def still_mine(self, notice: Notice, now: datetime) -> bool:
        """Whether the claim still stands and has not run out."""
        return bool(self._claimed(notice).filter(leased_until__gt=now).exists())

    def sent(self, notice: Notice, at: datetime, receipt: str) -> None:
        """It reached the recipient, who said `receipt` (an id, a status; no personal data). Its content goes.

        Raises Conflict where another has claimed it in the meantime.
        """
        self._settle(notice, sent_at=at, receipt=receipt, trouble="", content=None)

    def failed(self, notice: Notice, trouble: str, again: datetime) -> None:
        """It did not: `trouble` is a finding's code, `again` the next attempt. Raises Conflict as `sent` does."""
        self._settle(notice, trouble=trouble, next_attempt=again)

    def give_up(self, id: int, reason: str, by: str) -> None:
        """It cannot be told, or only with disproportionate effort, and this is why (Art. 19). Its content goes.

        Raises Conflict where it is settled already.
        """
        if not reason.strip() or not by.strip():
            raise ValueError("who gives up a notice says why, and who they are")
        with self.transaction():
            waiting = self._all(models.Notice).filter(_WAITING, id=id)
            if not waiting.update(given_up=reason, given_up_by=by, content=None, lease="", leased_until=None):
                raise Conflict("the notice")

    def notices_of(self, request: str) -> tuple[Notice, ...]:
        """Every notice of a request. It may close when each is `settled`."""
        rows = self._all(models.Notice).filter(request_id=request).order_by("id")
        return tuple(self._notice(row) for row in rows)

    def notices_of_each(self, requests: Collection[str]) -> Mapping[str, tuple[Notice, ...]]:
        """The same of several; one without a notice is not in it."""
        found: dict[str, list[Notice]] = {}
        for some in batched(list(requests), MOST):
            for row in self._all(models.Notice).filter(request_id__in=some).order_by("id"):
                found.setdefault(str(row.request_id), []).append(self._notice(row))
        return {request: tuple(own) for request, own in found.items()}

    def notices_about(self, disclosures: Iterable[int]) -> tuple[Notice, ...]:
        """Every notice about one of these disclosures."""
        rows = self._all(models.Notice).filter(disclosure_id__in=list(disclosures)).order_by("id")
        return tuple(self._notice(row) for row in rows)

    def _due(self, now: datetime, only: Why | None = None) -> Any:
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        rows = self._all(models.Notice).filter(_WAITING, free, next_attempt__lte=now)
        return rows.exclude(why__in=OF_REQUESTS) if only is None else rows.filter(why=only.value)

    def _claimed(self, notice: Notice) -> Any:
        return self._all(models.Notice).filter(_WAITING, id=notice.id, lease=notice.lease).exclude(lease="")

    def _settle(self, notice: Notice, **said: Any) -> None:
        with self.transaction():
            if not self._claimed(notice).update(lease="", leased_until=None, **said):
                raise Conflict("the notice")

    def _notice(self, row: Any) -> Notice:
        return Notice(
            recipient=row.recipient,
            why=Why(row.why),
            channel=Channel(row.channel),
            key=row.key,
            made=row.made,
            content=None if row.content is None else self._seal.open(bytes(row.content), _about(row.key)),
            request=row.request_id,
            disclosure=row.disclosure_id,
            attempts=row.attempts,
            next_attempt=row.next_attempt,
            trouble=row.trouble,
            sent_at=row.sent_at,
            receipt=row.receipt,
            given_up=row.given_up,
            given_up_by=row.given_up_by,
            lease=row.lease,
            id=row.id,
        )


def _about(key: str) -> str:
    return f"notice.content/{key}"
