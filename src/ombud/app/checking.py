"""Check: everything found in a project's files and, if asked, in its databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath

from ombud.adapters.files import Directory
from ombud.app.loaded import Loaded, Refused, named_here
from ombud.app.remembered import look_into
from ombud.app.samples import of_rows
from ombud.app.sources import UNSERVED, Opened, opened, told
from ombud.app.stores import placed
from ombud.datamap.unmapped import left_out, swallowed
from ombud.engine.unserved import unserved
from ombud.policy.load import GROUP_FILE
from ombud.policy.tree import guess
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.terms import Finding, Level, Place


@dataclass(frozen=True, slots=True)
class Live:
    """What the databases say, and what each `not_personal` pattern takes out of the map; `unseen` did not answer.

    `schemas` are those in which a database's tables lie, where it has more than one place for them; `unmapped` are
    tables that neither map nor pattern names.
    """

    findings: tuple[Finding, ...] = ()
    swallowed: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()
    schemas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unmapped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def look(loaded: Loaded) -> Live:
    """Compare every source's map with its database. A source that cannot be opened is a finding, and stops no other."""
    findings: list[Finding] = []
    taken: dict[str, Mapping[str, tuple[str, ...]]] = {}
    unseen: list[str] = []
    schemas: dict[str, tuple[str, ...]] = {}
    bare: dict[str, tuple[str, ...]] = {}
    for name, mapped in loaded.datamap.sources.items():
        try:
            with opened(loaded, name, read_only=True) as source:
                findings += [*source.findings, *of_rows(loaded, source)]
                taken[name] = swallowed(mapped, source.schema)
                bare[name] = tuple(left_out(mapped, source.schema))
                schemas[name] = tuple(sorted({table.schema for table in source.schema.tables.values()} - {""}))
                findings += _memory(loaded, source)
                findings += _unserved(loaded, source)
        except Refused as refusal:
            findings += (*refusal.findings, *refusal.beside)
            if not any(finding.code.startswith("M") for finding in refusal.findings):  # M: compared, and found wrong
                unseen.append(name)
    findings += _bare_stores(loaded)
    return Live(tuple(findings), taken, tuple(unseen), schemas, bare)


def _unserved(loaded: Loaded, source: Opened) -> Iterator[Finding]:
    """C049: what the map says and the engine cannot do, which would refuse every plan."""
    for said in unserved(source.source, source.schema, DIALECTS[source.connection.dialect.name]):
        yield Finding("C049", loaded.project.sources[source.name].place, f"{source.name}: {said}", UNSERVED)


def _memory(loaded: Loaded, source: Opened) -> Iterator[Finding]:
    """What ombud remembers in a source and this user may not read: it can compare, and neither explain nor mark."""
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    try:
        with told(loaded.project.sources[source.name]), source.connection.begin():
            look_into(source, names)
    except Refused as refusal:
        yield from (replace(finding, level=Level.WARNING) for finding in refusal.findings)


def _bare_stores(loaded: Loaded) -> Iterator[Finding]:
    """C059: stores of files from which nothing could be removed, for nothing is there."""
    known, _ = placed(loaded.project, loaded.around.environ)
    for each in known:
        if not Directory(each.folder).identity():
            message = f"{each}: the folder is not there, cannot be read, or is empty"
            hint = "see `files` in ombud.yaml; files of rows that go wait until it is there"
            yield Finding("C059", loaded.project.sources[each.source].place, message, hint, Level.WARNING)


def concerning(loaded: Loaded, company: str | None, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What concerns one company (None: all): what stands in the group's file, its own, or a map. Raises Refused."""
    companies = loaded.policy.companies
    if company is not None and company not in companies:
        raise Refused(
            Finding("C028", Place("ombud.yaml"), f"there is no company {company}", guess(company, dict(companies)))
        )
    if company is None:
        return tuple(findings)
    others = {p.place.file for name, own in loaded.policy.purposes.items() if name != company for p in own.values()}
    mine = {p.place.file for p in loaded.policy.purposes.get(company, {}).values()} | {GROUP_FILE}
    return tuple(f for f in findings if PurePath(f.place.file).name not in others - mine)


def overdue_reviews(loaded: Loaded, on: date) -> tuple[Finding, ...]:
    """What the policy accepts until a day that has passed by `on`."""
    folder = loaded.project.policy
    return tuple(
        named_here(
            loaded.project,
            Finding(
                "C053",
                accepted.place,
                f"{accepted.code} at {accepted.at} was accepted until {accepted.review.isoformat()}",
                "look at it again, and write a new review day",
                Level.WARNING,
            ),
            folder,
        )
        for accepted in loaded.policy.accepted
        if accepted.review is not None and accepted.review < on
    )
