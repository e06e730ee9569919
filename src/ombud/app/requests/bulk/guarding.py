"""Who of a batch is set aside before anything is done: by a flag that came to light, or a row that is another's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ombud.app.requests.bulk.pages import LOOKED_AT, is_ordinary, pages
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.flagging import unflagged
from ombud.app.requests.same_rows import changed, told_of
from ombud.app.requests.working import added
from ombud.documents.extract import About
from ombud.register.model import Batch
from ombud.rights.model import Request, State
from ombud.terms import Finding

NOBODY_YET: Mapping[str, About] = {}


@dataclass
class Guard:
    """Asks of the requests of a batch, as of single ones, whether anything stands in the way; once for each `renew`.

    Whoever is flagged waits for who is named, and whoever was named by a row that is another's waits for somebody to
    look; nobody else waits for them.
    """

    desk: Desk
    batch: Batch
    findings: tuple[Finding, ...] = ()
    _asked: set[str] = field(default_factory=set)
    _changed: set[str] = field(default_factory=set)

    def renew(self) -> None:
        """Time has passed: whoever was asked about is asked about again."""
        self._asked.clear()

    def pages(
        self, states: Collection[State], most: int, which: Callable[[Request], bool] = is_ordinary
    ) -> Iterator[tuple[Opened, ...]]:
        """The requests in these states of whom nothing stands in the way, so many at a time."""
        for page in pages(self.desk, self.batch, states, most, which):
            chunks = (self.same(page[start : start + LOOKED_AT]) for start in range(0, len(page), LOOKED_AT))
            if fit := tuple(each for some in chunks for each in self.unflagged(some)):
                yield fit

    def same(self, page: Sequence[Opened]) -> tuple[Opened, ...]:
        """Those whose named rows are theirs still."""
        another = changed(self.desk, page)
        self._found(told_of(sorted(another - self._changed)))
        self._changed |= another
        return tuple(each for each in page if each.id not in another)

    def unflagged(self, page: Sequence[Opened], about: Mapping[str, About] = NOBODY_YET) -> tuple[Opened, ...]:
        """Those of whom no flag has come to light; `about`: whom they are about, where that was just looked up."""
        kept, findings = unflagged(self.desk, [each for each in page if each.id not in self._asked], about)
        self._found(findings)
        self._asked |= {each.id for each in kept}
        return tuple(each for each in page if each.id in self._asked)

    def _found(self, findings: tuple[Finding, ...]) -> None:
        self.findings = added(self.findings, findings)
