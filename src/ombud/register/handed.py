"""Handings-over that rows of the databases tell of: written down once, and ended when their row is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Count, Q

from ombud.register import models
from ombud.register.base import MOST, batched
from ombud.register.ledger import Ledger
from ombud.register.model import OF_REQUESTS, Disclosure, Notice, Particulars
from ombud.register.outbox import Outbox
from ombud.register.trouble import Conflict


class Handed(Ledger, Outbox):
    """The ledger, with what rows say, and what becomes of it by hand."""

    def add_handings(self, handings: Sequence[tuple[Disclosure, Particulars]]) -> tuple[Disclosure, ...]:
        """Write down those whose row is not known yet, and give them with their ids. By hand (`row` empty): all."""
        with self.transaction():
            rows = [said.row for _, said in handings if said.row]
            known = {
                row
                for some in batched(rows, MOST)
                for row in self._all(models.Particulars).filter(row__in=some).values_list("row", flat=True)
            }
            new = [(each, said) for each, said in handings if said.row not in known]
            made = self.add_disclosures([each for each, _ in new])
            beside = [
                models.Particulars(
                    disclosure_id=each.id,
                    row=said.row,
                    name=said.name,
                    known_as=self._seal.seal(said.known_as.encode(), _about(each.id)) if said.known_as else None,
                )
                for each, (_, said) in zip(made, new, strict=True)
            ]
            self._add(models.Particulars, beside)
        return made

    def known_rows(self, source: str, table: str) -> Mapping[str, int]:
        """The rows of a table that are written down and not ended, each with its disclosure."""
        rows = self._all(models.Particulars).filter(disclosure__source=source, disclosure__table=table)
        found = rows.filter(disclosure__until=None).exclude(row="")
        return dict(found.values_list("row", "disclosure_id"))

    def end(self, disclosures: Iterable[int], last: date) -> int:
        """The recipient may hold these until that day, inclusive; where a day was said before, it stays."""
        ended = 0
        with self.transaction():
            for some in batched(list(disclosures), MOST):
                ended += self._all(models.Disclosure).filter(id__in=some, until=None).update(until=last)
        return ended

    def particulars_of(self, disclosures: Iterable[int]) -> Mapping[int, Particulars]:
        """What is known of these beside the ledger, by disclosure."""
        found: dict[int, Particulars] = {}
        for some in batched(list(disclosures), MOST):
            for row in self._all(models.Particulars).filter(disclosure_id__in=some):
                sealed = None if row.known_as is None else bytes(row.known_as)
                known_as = self._seal.open(sealed, _about(row.disclosure_id)).decode() if sealed else ""
                said = Particulars(row.row, row.name, known_as, row.told)
                found[row.disclosure_id] = replace(said, disclosure=row.disclosure_id)
        return found

    def ended_untold(self, today: date) -> tuple[Disclosure, ...]:
        """Those that a recipient may hold no longer, and has been told nothing of the end of."""
        ended = self.disclosures_ended(today)
        told = {each.disclosure for each in self.particulars_of(one.id for one in ended).values() if each.told}
        return tuple(each for each in ended if each.id not in told)

    def end_is_told(self, disclosures: Iterable[int], key: str) -> None:
        """The notice of this key says that these are over. How the recipient knows the person is needed no more."""
        for some in batched(list(disclosures), MOST):
            self._all(models.Particulars).filter(disclosure_id__in=some).update(told=key, known_as=None)

    def waiting(self) -> tuple[Notice, ...]:
        """Every notice that was neither sent nor given up, the oldest first; not what has a sender of its own."""
        rows = self._all(models.Notice).filter(sent_at=None, given_up="").exclude(why__in=OF_REQUESTS)
        rows = rows.order_by("made", "id")
        return tuple(self._notice(row) for row in rows)

    def notices_by_recipient(self) -> Mapping[str, tuple[int, int, int]]:
        """How many notices each recipient was sent, how many wait, and how many were given up with a reason."""
        rows = self._all(models.Notice).exclude(why__in=OF_REQUESTS).values("recipient")
        sent, gone = Count("id", filter=Q(sent_at__isnull=False)), Count("id", filter=~Q(given_up=""))
        found = rows.annotate(all=Count("id"), sent=sent, gone=gone)
        return {row["recipient"]: (row["sent"], row["all"] - row["sent"] - row["gone"], row["gone"]) for row in found}

    def told_by_hand(self, id: int, at: datetime, receipt: str) -> None:
        """Somebody told the recipient, and this is the proof. Raises Conflict where it is settled already."""
        if not receipt.strip():
            raise ValueError("who told a recipient says how")
        with self.transaction():
            waiting = self._all(models.Notice).filter(id=id, sent_at=None, given_up="")
            if not waiting.update(sent_at=at, receipt=receipt, trouble="", content=None, lease="", leased_until=None):
                raise Conflict("the notice")


def _about(disclosure: int) -> str:
    return f"particulars.known_as/{disclosure}"
