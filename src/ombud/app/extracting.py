"""Extract: the answer to a person who asks what is held about them (Art. 15), or to be given it (Art. 20)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date

from ombud.app.answers import Asking, Everywhere
from ombud.app.attached import Attached
from ombud.app.loaded import Loaded
from ombud.app.naming import identifier_of, row_of, written_key
from ombud.app.read_whole import Shelf
from ombud.app.register_kept import check_register
from ombud.documents.extract import Datum, Extract, Record
from ombud.engine.people import Held
from ombud.policy.model import BasisKind
from ombud.rights.model import RequestKind
from ombud.terms import KeyRef


def extract(
    loaded: Loaded,
    identifiers: Iterable[str],
    request_id: str,
    on: date | None = None,
    *,
    kind: RequestKind = RequestKind.ACCESS,
    observed: bool = False,
) -> Extract:
    """Everything that is certainly about the person, in every source, on a day (today).

    `identifiers` are `KIND=VALUE`, or `SOURCE/TABLE/KEY` where somebody has decided that this row is the person. An
    identifier that others have too links nobody: what is found by it alone is counted in `perhaps`. `kind` PORT keeps
    what the person provided under a live claim of consent or contract (Art. 20(1)), and `observed` counts what
    was observed as provided. A source that cannot be read stands in `unread`, and so does a store of files, as
    `SOURCE/STORE`. Raises Refused where nobody is named.
    """
    check_register(loaded)
    digest, register = loaded.keys()
    asked: dict[Held, object] = {}
    rows: set[tuple[str, str, str]] = set()
    for text in identifiers:
        if "=" in text:
            known = identifier_of(loaded, text)
            asked[known[0], digest(*known)] = known[1]
        else:
            rows.add(row_of(loaded, text))
    day, newest, files = on or loaded.today(), register.newest(), Attached(loaded)
    records: list[Record] = []
    perhaps = 0
    with ExitStack() as stack:
        shelf = Shelf(loaded, day)
        sources = {name: Asking(loaded, name, day, digest, newest, stack, shelf) for name in loaded.datamap.sources}
        everywhere = Everywhere(sources)
        person = everywhere.known_as(asked, rows)
        for name, told in everywhere.ask(lambda _, way: way.told(person)):
            for each in told:
                perhaps += each.perhaps
                data = each.data
                if kind is RequestKind.PORT:
                    data = tuple(datum for datum in data if _may_be_carried(datum, observed=observed))
                if data:
                    table = loaded.datamap.sources[name].tables[each.table]
                    data = tuple(files.attach(name, table, datum) for datum in data)
                    records.append(Record(name, each.table, each.key, each.company, data))
    read = tuple(name for name in loaded.datamap.sources if name not in everywhere.unread)
    unread = (*everywhere.unread, *sorted(files.unread))
    said = "port" if kind is RequestKind.PORT else "access"
    bearing = (ref for ref in person.refs | person.maybe if isinstance(ref, KeyRef))
    persons = tuple(sorted(bearing, key=lambda ref: (ref.source, ref.subject, written_key(ref.key))))
    return Extract(day, said, request_id, tuple(records), (), unread, perhaps, read, files.found, persons)


def _may_be_carried(datum: Datum, *, observed: bool) -> bool:
    provided = datum.provenance in ("provided", "observed") if observed else datum.provenance == "provided"
    return provided and any(hold.basis in (BasisKind.CONSENT, BasisKind.CONTRACT) for hold in datum.holds)
