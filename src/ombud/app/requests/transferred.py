"""What the person is told of each transfer of their data that was asked for (Art. 20(2)): made, or why not."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.app.loaded import Refused
from ombud.app.requests.desk import Desk, Opened, addressee
from ombud.documents import LettersNotInstalled, compose, render
from ombud.documents.letters import TransferOutcome
from ombud.rights.model import Telling, Told


def transfer_letters(desk: Desk, opened: Opened) -> Iterator[tuple[str, bytes]]:
    """A letter for each, as the name of a file and what it holds. Raises Refused where letters cannot be set."""
    request = opened.request
    over = (each for each in request.transfers.values() if each.told is not Told.OPEN)
    for number, each in enumerate(sorted(over, key=lambda each: each.recipient), start=1):
        to_whom, language, company = addressee(opened), request.language, request.company
        said = _outcome(desk, opened, each)
        body = compose(said, desk.loaded.policy, to_whom, language, desk.today(), company=company)
        try:
            yield f"transfer-{number}-{opened.id}.pdf", render(body)
        except LettersNotInstalled as error:
            raise Refused(error.finding) from None


def _outcome(desk: Desk, opened: Opened, each: Telling) -> TransferOutcome:
    known = desk.loaded.project.controllers.get(each.recipient)
    name, day = known.name if known else each.recipient, each.day or desk.today()
    if each.told is Told.TOLD:
        return TransferOutcome(opened.id, name, day, receipt=each.words.partition(" ")[2] or each.words)
    return TransferOutcome(opened.id, name, day, reasons=each.words)
