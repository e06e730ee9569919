"""A request is collected: what each source has of the person, whether a flag stands about them, and who has to look."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.app.others import UNASKED
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.flagging import flags_about, keep_found
from ombud.app.requests.guarding import flag_each
from ombud.app.requests.looking import Looked, look, unread
from ombud.app.requests.waits import OMBUD
from ombud.rights.events import Collected, Event, Failed, Find, Found
from ombud.rights.model import Part


def collect(desk: Desk, opened: Opened) -> tuple[Opened, Looked]:
    """Look for the person everywhere, and write down what became of it. Raises Refused where a row that named them is
    another's by now.
    """
    looked = look(desk, opened)
    if events := tuple(_parts(opened, looked)):
        opened = desk.happen(opened, *events, by=OMBUD)
    if all(part is Part.UNREAD for part in opened.request.parts.values()):
        return opened, looked
    with told(), desk.store.transaction():
        opened, doubt = _flagged(desk, opened, looked)
        keep_found(desk, [(opened, looked.extract.about)])
        what = Find.TO_REVIEW if doubt else what_is_found(looked)
        return desk.happen(opened, Found(what), by=OMBUD), looked


def _parts(opened: Opened, looked: Looked) -> Iterator[Event]:
    """What became of each source that was waited for."""
    missing = unread(looked)
    for source, part in opened.request.parts.items():
        is_read = source in looked.extract.read and source not in missing
        if not is_read and part is Part.PENDING:
            yield Failed(source, "C030")
        elif is_read and part in (Part.PENDING, Part.UNREAD):
            yield Collected(source)


def _flagged(desk: Desk, opened: Opened, looked: Looked) -> tuple[Opened, bool]:
    """The request once flags of a protected identity are known, and whether one stands or could not be read.

    A flag is remembered of the person, and nobody but who is named sees more; doubt is for somebody to look at now
    (spec/identity.md).
    """
    if opened.request.protected:
        return opened, True
    (flags,) = flags_about(desk, [looked.extract.about])
    if flags.known is not None:
        (opened,) = flag_each(desk, [(opened, flags.known)], OMBUD)
    return opened, flags.doubt


def what_is_found(looked: Looked) -> Find:
    """Whether somebody has to look: who may be meant, and what may be others'."""
    extract = looked.extract
    if extract.perhaps or looked.review.open or any(each.code == UNASKED for each in looked.findings):
        return Find.TO_REVIEW
    return Find.CLEAR if extract.records else Find.NOTHING
