"""Extract: the answer to a person who asks what is held about them (Art. 15), or to be given it (Art. 20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial

from ombud.app.answers import Asking, Everywhere
from ombud.app.attached import Attached
from ombud.app.known import Called, Person, wanted
from ombud.app.loaded import Loaded
from ombud.app.read_whole import Shelf
from ombud.app.register_kept import check_register
from ombud.datamap.model import DataMap
from ombud.documents.extract import Extract, NotCarried, Record, Titles
from ombud.rights.model import RequestKind
from ombud.rights.portable import carried
from ombud.terms import Finding


def extract(
    loaded: Loaded,
    identifiers: Iterable[str],
    request_id: str,
    on: date | None = None,
    *,
    kind: RequestKind = RequestKind.ACCESS,
    observed: bool = False,
    taken: Iterable[str] = (),
) -> Extract:
    """Everything that is certainly about the person, in every source, on a day (today).

    `identifiers` are `KIND=VALUE`, or `SOURCE/TABLE/KEY` where the request names the person by a row. `taken` are rows
    of which a reviewer has decided that they are theirs too: nothing else is learned from them. An identifier that
    others have too links nobody: what is found by it alone is counted in `perhaps`. `kind` PORT keeps what the person
    provided under a live claim of consent or contract (Art. 20(1)), and counts in `not_carried` what is held besides;
    `observed` lets what was observed count as provided. A source that cannot be read stands in `unread`, and so does a
    store of files, as `SOURCE/STORE`. Raises Refused where nobody is named.
    """
    called = Called(tuple(identifiers), tuple(taken))
    (found,) = extracts(loaded, [(request_id, called)], on, kind=kind, observed=observed)
    return found


def extracts(
    loaded: Loaded,
    persons: Sequence[tuple[str, Called]],
    on: date | None = None,
    *,
    kind: RequestKind = RequestKind.ACCESS,
    observed: bool = False,
    former: bool = True,
    gathers: bool = True,
) -> tuple[Extract, ...]:
    """The same for several, each a request's id and how the person is called: every source is asked once for all.

    Where they are too many to be read together, they are read in parts; those of whom what is gathered does not tell
    all are asked for again, without gathering. Unless `former`, what somebody had before, and what is remembered of it,
    leads nowhere.
    """
    day = on or loaded.today()
    said = "port" if kind is RequestKind.PORT else "access"
    records: list[list[Record]] = [[] for _ in persons]
    perhaps = [0 for _ in persons]
    not_carried: list[Counter[NotCarried]] = [Counter() for _ in persons]
    files = [Attached(loaded) for _ in persons]
    with _everywhere(loaded, day, gathers=gathers) as everywhere:
        sought = everywhere.who([wanted(loaded, called) for _, called in persons], former=former)
        meant = [each.meant for each in sought]
        for name, told in everywhere.told(meant):
            for each in told:
                perhaps[each.person] += each.perhaps
                data = each.data
                if kind is RequestKind.PORT:
                    data, left = carried(data, day, observed=observed)
                    not_carried[each.person] += left
                if data:
                    table = loaded.datamap.sources[name].tables[each.table]
                    data = files[each.person].attached(name, table, data)
                    records[each.person].append(Record(name, each.table, each.key, each.company, data))
    if len(persons) > 1 and _too_many(everywhere):
        half = len(persons) // 2
        parts = (persons[:half], persons[half:])
        again = partial(extracts, loaded, on=on, kind=kind, observed=observed, former=former, gathers=gathers)
        return tuple(each for part in parts for each in again(part))
    read = tuple(name for name in loaded.datamap.sources if name not in everywhere.unread)
    titles = titles_of(loaded.datamap)
    found = [
        Extract(
            day,
            said,
            id,
            tuple(records[n]),
            (),
            (*everywhere.unread, *sorted(files[n].unread)),
            perhaps[n],
            read,
            files[n].found,
            dict(not_carried[n]),
            sought[n].about,
            titles,
        )
        for n, (id, _) in enumerate(persons)
    ]
    if unclear := sorted(everywhere.left):
        some = [persons[n] for n in unclear]
        others = extracts(loaded, some, on, kind=kind, observed=observed, former=former, gathers=False)
        for n, other in zip(unclear, others, strict=True):
            found[n] = other
    return tuple(found)


def known_each(
    loaded: Loaded, every: Sequence[Called], *, former: bool = True, gathers: bool = True
) -> tuple[tuple[Person, Mapping[str, tuple[Finding, ...]]], ...]:
    """Who each of these is, as their extracts would say it, and nothing of what is held; and which sources could not be
    asked, with why.
    """
    with _everywhere(loaded, loaded.today(), gathers=gathers) as everywhere:
        people = everywhere.who([wanted(loaded, called) for called in every], former=former)
        everywhere.look_aside([each.meant for each in people])
    if len(every) > 1 and _too_many(everywhere):
        half = len(every) // 2
        parts = (every[:half], every[half:])
        again = partial(known_each, loaded, former=former, gathers=gathers)
        return tuple(each for part in parts for each in again(part))
    found = list[tuple[Person, Mapping[str, tuple[Finding, ...]]]]((each, everywhere.unread) for each in people)
    if unclear := sorted(everywhere.left):
        others = known_each(loaded, [every[n] for n in unclear], former=former, gathers=False)
        for n, other in zip(unclear, others, strict=True):
            found[n] = other
    return tuple(found)


@contextmanager
def _everywhere(loaded: Loaded, day: date, *, gathers: bool) -> Iterator[Everywhere]:
    """All sources, to be asked about a day."""
    check_register(loaded)
    digest, register = loaded.keys()
    newest, shelf = register.newest(), Shelf(loaded, day)
    with ExitStack() as stack:
        names = loaded.datamap.sources
        yield Everywhere({name: Asking(loaded, name, day, digest, newest, stack, shelf, gathers) for name in names})


def titles_of(datamap: DataMap) -> Mapping[tuple[str, str], Titles]:
    """What columns are called, by source and table."""
    tables = (
        ((name, table.name), table.titles) for name, each in datamap.sources.items() for table in each.tables.values()
    )
    return {at: titles for at, titles in tables if titles}


def _too_many(everywhere: Everywhere) -> bool:
    found = (finding for findings in everywhere.unread.values() for finding in findings)
    return everywhere.many or any(finding.code == "C060" for finding in found)
