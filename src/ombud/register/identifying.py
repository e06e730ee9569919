"""Codes and addresses in the store: what proving who asks takes, kept as keyed hashes or sealed, and not for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from ombud.register import models
from ombud.register.base import Base
from ombud.register.models.fields import written
from ombud.register.trouble import NotThere
from ombud.rights.contact_point import Challenge
from ombud.rights.rate import Counted, Scope

AFTER = timedelta(days=1)
"""How long after its end a code, the message that it was sent in, and when messages were started are kept."""


class Identifying(Base):
    """What is kept while it is being proven who asks."""

    def counted(self, address: str, origin: str, now: datetime) -> Counted:
        """When messages were started to this address and from this origin (keyed hashes).

        Inside a transaction both stay locked until its end, so that two who ask at once are counted one by one.
        """
        names = {Scope.ADDRESS: address, Scope.ORIGIN: origin}
        rows = [models.Started(scope=scope.value, digest=digest, newest=now) for scope, digest in names.items()]
        self._add(models.Started, rows, ignore_conflicts=True)
        held = self._all(models.Started).select_for_update().order_by("scope", "digest")
        found = {
            (each.scope, each.digest): tuple(map(datetime.fromisoformat, each.instants))
            for each in held.filter(digest__in=list(names.values()))
        }
        return {(scope, digest): found.get((scope.value, digest), ()) for scope, digest in names.items()}

    def count(self, counted: Counted, now: datetime) -> None:
        """Keep these, and forget those of which the newest is too old to count: the same statements each time."""
        for (scope, digest), instants in counted.items():
            said = {"instants": [written(at) for at in instants], "newest": max(instants, default=now)}
            self._all(models.Started).filter(scope=scope.value, digest=digest).update(**said)
        self._all(models.Started).filter(newest__lt=now - AFTER).delete()

    def keep_challenge(self, challenge: Challenge, asked: str) -> None:
        """Keep a question before it is sent. `asked`: what becomes a request once it is answered, sealed here."""
        self._all(models.Challenge).create(
            id=challenge.id,
            request_id=challenge.request or None,
            point=challenge.point,
            digest=challenge.digest,
            until=challenge.until,
            asked=self._seal.seal_text(asked, _about(challenge.id)) if asked else None,
        )

    def challenge(self, id: str) -> tuple[Challenge, str] | None:
        """A question, and what was asked with it; inside a transaction it stays locked until its end."""
        row = self._all(models.Challenge).select_for_update().filter(id=id).first()
        if row is None:
            return None
        asked = "" if row.asked is None else self._seal.open_text(bytes(row.asked), _about(id))
        known = Challenge(row.id, row.request_id or "", row.point, row.digest, row.until, row.tried, row.spent)
        return known, asked

    def challenge_of(self, request: str) -> str:
        """The newest question that would prove who asks in a request; empty where there is none."""
        rows = self._all(models.Challenge).filter(request_id=request).order_by("-until", "id")
        return str(rows.values_list("id", flat=True).first() or "")

    def tried(self, challenge: Challenge) -> None:
        """One attempt more, and whether it is spent: then what was asked with it goes."""
        row = self._all(models.Challenge).filter(id=challenge.id)
        said = {"asked": None} if challenge.spent else {}
        row.update(tried=F("tried") + 1, spent=challenge.spent, **said)

    def keep_registered(self, request: str, entry: str, at: datetime) -> None:
        """Keep what the population register said, in place of what was there, sealed. Raises NotThere."""
        said = {"entry": self._seal.seal_text(entry, f"registered.entry/{request}"), "at": at}
        with self.transaction():
            if not self._all(models.Request).filter(id=request).exists():
                raise NotThere("request")
            self._all(models.Registered).update_or_create(request_id=request, defaults=said)

    def registered(self, request: str) -> str:
        """What the population register said; empty where it was not asked, or it is gone."""
        row = self._all(models.Registered).filter(request_id=request).first()
        return "" if row is None else self._seal.open_text(bytes(row.entry), f"registered.entry/{request}")

    def _wipe_identifying(self, before: datetime) -> int:
        """Codes of which the time has passed, and the messages that they were sent in. How many codes."""
        old = self._all(models.Challenge).filter(until__lt=before)
        ids = list(old.values_list("id", flat=True))
        self._all(models.Notice).filter(why="proof", made__lt=before).delete()
        self._all(models.Started).filter(newest__lt=before).delete()
        old.delete()
        return len(ids)


def _about(challenge: str) -> str:
    return f"challenge.asked/{challenge}"
