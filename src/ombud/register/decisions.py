"""Proofs and approvals in the store: who, when, and where the law or the policy asks for two, two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError

from ombud.register import models
from ombud.register.base import Base
from ombud.register.model import Approval, Proven
from ombud.register.trouble import OneAndTheSame
from ombud.rights.model import Proof
from ombud.rights.signs import sign_of


class Decisions(Base):
    """What people vouched for and agreed to."""

    def add_proof(self, request: str, proven: Proven) -> None:
        """A rung that was reached. Raises OneAndTheSame where staff vouches and is not two different people."""
        row = self._proof(proven)
        with self.transaction():
            self._all(models.Proven).create(request_id=request, **row)

    def proofs(self, request: str) -> tuple[Proven, ...]:
        """Every rung that was reached, in the order in which that was written down."""
        rows = self._all(models.Proven).filter(request_id=request).order_by("id")
        return tuple(Proven(Proof(each.rung), each.how, each.at, each.by, each.second, each.reference) for each in rows)

    def approve(self, approval: Approval) -> int:
        """Write it down, and say how many different people have approved this by now.

        Raises OneAndTheSame where the same person has approved it before.
        """
        if not _who(approval.by):
            raise ValueError("who approves says who they are")
        about = {"what": approval.what, "about": approval.about}
        try:
            with self.transaction():
                self._all(models.Approval).create(**about, by=_who(approval.by), at=approval.at)
        except IntegrityError:
            raise OneAndTheSame from None
        return int(self._all(models.Approval).filter(**about).count())

    def approvals(self, what: str, about: str) -> tuple[Approval, ...]:
        """Who has approved this, in the order in which they did."""
        return tuple(self._approvals(what, [about]))

    def approvals_of(self, what: str, about: Iterable[str]) -> dict[str, tuple[Approval, ...]]:
        """The same for many at once, by what each is about."""
        wanted = list(about)
        found: dict[str, tuple[Approval, ...]] = dict.fromkeys(wanted, ())
        for approval in self._approvals(what, wanted):
            found[approval.about] += (approval,)
        return found

    def _proof(self, proven: Proven) -> dict[str, Any]:
        by, second = _who(proven.by), _who(proven.second)
        if proven.rung is Proof.STAFF and (not by or not second or sign_of(by) == sign_of(second)):
            raise OneAndTheSame
        return {
            "rung": proven.rung.value,
            "how": proven.how,
            "at": proven.at,
            "by": by,
            "second": second,
            "reference": proven.reference,
        }

    def _approvals(self, what: str, about: list[str]) -> list[Approval]:
        rows = self._all(models.Approval).filter(what=what, about__in=about).order_by("id")
        return [Approval(each.what, each.about, each.by, each.at) for each in rows]


def _who(by: str) -> str:
    return " ".join(by.split())
