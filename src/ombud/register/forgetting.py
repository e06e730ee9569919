"""What the register forgets, and when: the table in `retention.py`, carried out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ombud.register import models
from ombud.register.answers import Answers
from ombud.register.base import MOST, batched
from ombud.register.identifying import AFTER, Identifying
from ombud.register.requests import Requests
from ombud.register.retention import Wiped, earliest_kept

EVERYBODY = Q()

OF_A_REQUEST = (
    models.Notice,
    models.Proven,
    models.Answer,
    models.Correction,
    models.Part,
    models.Note,
    models.Challenge,
    models.Registered,
)
"""What goes with a request, before it does."""


class Forgetting(Requests, Answers, Identifying):
    """What the register forgets."""

    def wipe(self, today: date) -> Wiped:
        """Forget what is over, as the table of `retention.py` says, and count it. Run it every day; twice is once."""
        past = earliest_kept(today, self.kept.requests)
        with self.transaction():
            ended = self._all(models.Request).filter(over_on__isnull=False).values("id")
            answers = self._all(models.Answer).filter(Q(keep_until__lt=today) | Q(request_id__in=ended))
            wiped = self._wipe_answers(answers, today)
            corrections = self._wipe_corrections(ended) + self._wipe_corrections(self._answered())
            old = self._all(models.Request).filter(over_on__lt=earliest_kept(today, self.kept.notes)).values("id")
            notes = self._wipe_notes(old)
            counts = Wiped(
                values=self._wipe_values(),
                answers=wiped,
                corrections=corrections,
                notes=notes,
                requests=self._forget_requests(past),
                disclosures=self._forget_disclosures(past),
                consents=self._forget_consents(past),
                persons=self._forget_persons(),
                codes=self._wipe_identifying(datetime.combine(today, time(), UTC) - AFTER),
            )
            self._all(models.Registered).filter(request_id__in=ended).delete()
        self._tidy()
        return counts

    def _let_go(self, requests: Sequence[str], day: date) -> None:
        """The same at once for requests that are over."""
        for some in batched(requests, MOST):
            self._wipe_answers(self._all(models.Answer).filter(request_id__in=some), day)
            self._wipe_corrections(some)
            self._all(models.Registered).filter(request_id__in=some).delete()
            self._all(models.Challenge).filter(request_id__in=some).delete()
            self._all(models.Notice).filter(request_id__in=some, content__isnull=False).update(content=None)
            if not self.kept.notes:
                self._wipe_notes(some)
            persons = self._all(models.Request).filter(id__in=some).values("person_id")
            self._wipe_values(Q(person_id__in=persons))

    def _wipe_notes(self, requests: Any) -> int:
        return int(self._all(models.Note).filter(request_id__in=requests).delete()[0])

    def _wipe_values(self, whose: Q = EVERYBODY) -> int:
        asking = self._all(models.Request).filter(person_id=OuterRef("person_id"), over_on=None)
        held = self._all(models.Identifier).filter(whose, ~Exists(asking), value__isnull=False)
        return int(held.update(value=None))

    def _answered(self) -> Any:
        """Requests whose answer was delivered, and is kept no more."""
        own = self._all(models.Answer).filter(request_id=OuterRef("id"))
        told = Exists(own.filter(delivered_at__isnull=False)), ~Exists(own.filter(content__isnull=False))
        return self._all(models.Request).filter(*told).values("id")

    def _forget_requests(self, past: date) -> int:
        ids = list(self._all(models.Request).filter(over_on__lt=past).values_list("id", flat=True))
        for some in batched(ids, MOST):
            self._all(models.Request).filter(id__in=some).update(forgotten=True)  # lets the history go
            self._all(models.Approval).filter(about__in=some).delete()
            for model in OF_A_REQUEST:
                self._all(model).filter(request_id__in=some).delete()
            self._all(models.Batched).filter(request_id__in=some).delete()
            self._all(models.Event).filter(request_id__in=some).delete()
            self._all(models.Request).filter(id__in=some).delete()
        if ids:
            left = self._all(models.Batched).filter(batch_id=OuterRef("id"))
            self._all(models.Batch).filter(~Exists(left), made__lt=datetime.combine(past, time(), UTC)).delete()
        return len(ids)

    def _forget_disclosures(self, past: date) -> int:
        rows = self._all(models.Disclosure).filter(until__lt=past, day__lt=past)
        ids = list(rows.values_list("id", flat=True))
        for some in batched(ids, MOST):
            self._all(models.Notice).filter(disclosure_id__in=some).delete()
            self._all(models.DisclosedPerson).filter(disclosure_id__in=some).delete()
            self._all(models.Disclosure).filter(id__in=some).delete()
        return len(ids)

    def _forget_consents(self, past: date) -> int:
        """Those that were withdrawn, by somebody with all the same identifiers, more than so long ago."""
        before = datetime.combine(past, time(), UTC)
        acts = list(self._all(models.Consent).filter(at__lt=before).order_by("at", "id"))
        persons = self._all(models.Consent).filter(at__lt=before).values("person_id")
        digests: dict[str, set[str]] = {}
        for person, digest in (
            self._all(models.Identifier).filter(person_id__in=persons).values_list("person_id", "digest")
        ):
            digests.setdefault(person, set()).add(digest)
        withdrawn: dict[tuple[str, str], list[set[str]]] = {}
        over = []
        for act in reversed(acts):
            about, own = (act.purpose, act.company), digests.get(act.person_id, set())
            if act.act == "withdrawn":
                withdrawn.setdefault(about, []).append(own)
            if any(own <= later for later in withdrawn.get(about, [])):
                over.append(act)
        for some in batched(over, MOST):
            self._all(models.Person).filter(id__in=[act.person_id for act in some]).update(forgotten=True)
            self._all(models.Consent).filter(id__in=[act.id for act in some]).delete()
        return len(over)

    def _forget_persons(self) -> int:
        """Whom nothing is remembered of. That an identity is protected is remembered: it was said to be safe."""
        asked = self._all(models.Request).filter(person_id=OuterRef("id"))
        agreed = self._all(models.Consent).filter(person_id=OuterRef("id"))
        rows = self._all(models.Person).filter(~Exists(asked), ~Exists(agreed), protected=False)
        ids = list(rows.values_list("id", flat=True))
        for some in batched(ids, MOST):
            self._all(models.Identifier).filter(person_id__in=some).delete()
            self._all(models.Person).filter(id__in=some).delete()
        return len(ids)
