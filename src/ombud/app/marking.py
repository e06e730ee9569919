"""Marks: written in the register first, then acknowledged by each source under its gate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from typing import Any

import sqlalchemy as sa

from ombud.adapters.register import Register
from ombud.app.consequences import ends_at_erasure, ends_what_stays
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.naming import SUBJECT, by_identifier, identifier_of, no_row, row_of
from ombud.app.planning import sweep_of
from ombud.app.register_kept import check_register
from ombud.app.remembered import people
from ombud.app.sources import Opened, opened
from ombud.app.standing_marks import undone_by
from ombud.datamap.model import ByIdentifier, CompanyColumn, IdentifierColumn, IsCompany, Subject
from ombud.engine.sidecar import acknowledge
from ombud.policy.tree import guess
from ombud.sql.engines import DIALECTS
from ombud.sql.equal import equal
from ombud.sql.names import Names
from ombud.terms import Act, Finding, IdRef, KeyRef, Level, Mark, Place, Ref

LONGEST = 500
"""Characters of a ground."""

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be marked, as they said it."""

    act: Act
    subjects: tuple[str, ...]
    purpose: str | None = None
    company: str | None = None
    day: date | None = None
    ground: str = ""
    every_purpose: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark, whom it names (`perhaps`: rows that share the identifier, named by it alone), and who acknowledged it.

    `carriers` says in how many rows, or memories of rows, without a person of their own one of its identifiers stands,
    `apart` in how many of them in sources where nobody shares it; `undoes` numbers the marks that counted until this
    one.
    """

    mark: Mark
    perhaps: tuple[KeyRef, ...] = ()
    acknowledged: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    carriers: int = 0
    undoes: tuple[int, ...] = ()
    apart: int = 0

    @property
    def without_effect_on(self) -> tuple[KeyRef, ...]:
        """The rows that it only may mean, where that ends nothing: what removes must be certain (spec/claims.md §3)."""
        return self.perhaps if self.mark.act is Act.ENDED else ()

    @property
    def ends_nothing(self) -> bool:
        """Whether it only may mean whomever it could mean today, and so ends nothing."""
        named = self.apart or self.findings or any(isinstance(ref, KeyRef) for ref in self.mark.refs)
        return bool(self.without_effect_on and not named)

    @property
    def reaches_nobody(self) -> bool:
        """Whether every source was asked, and none has anything of the person."""
        named = self.perhaps or any(isinstance(ref, KeyRef) for ref in self.mark.refs)
        return not (named or self.carriers or self.findings)


def mark(loaded: Loaded, wish: Wish, *, dry_run: bool) -> Marked:
    """Find the person, write the mark, have each source acknowledge it. Raises Refused where nothing was written."""
    _checked(loaded, wish)
    check_register(loaded)
    digest, register = loaded.keys()
    certain, perhaps, (carriers, apart), findings = _refs(loaded, wish.subjects, digest)
    ground = " ".join(wish.ground.split())
    made = Mark(0, wish.day or loaded.today(), wish.act, certain, wish.purpose, wish.company, ground)
    if not dry_run:
        _meant(loaded, wish, made)
    undoes = undone_by(replace(made, seq=register.newest() + 1), register.marks(), loaded.today())
    if dry_run:
        return Marked(made, perhaps, {}, findings, carriers, undoes, apart)
    kept = register.add(made, loaded.around.now().astimezone(UTC).isoformat(timespec="seconds"))
    acknowledged, undelivered = _delivered(loaded)
    told = {(finding.code, finding.message) for finding in undelivered}
    findings = tuple(finding for finding in findings if (finding.code, finding.message) not in told)
    return Marked(kept, perhaps, acknowledged, (*findings, *undelivered), carriers, undoes, apart)


def deliver(loaded: Loaded) -> tuple[Mapping[str, int], tuple[Finding, ...]]:
    """Have every source acknowledge every mark of the register; the newest number of each, and which could not.

    Raises Refused where the register itself is not whole.
    """
    check_register(loaded)
    return _delivered(loaded)


def _delivered(loaded: Loaded) -> tuple[Mapping[str, int], tuple[Finding, ...]]:
    digest, register = loaded.keys()
    acknowledged: dict[str, int] = {}
    findings: list[Finding] = []
    for name in loaded.datamap.sources:
        try:
            with opened(loaded, name) as source:
                acknowledged[name] = _deliver(source, loaded, digest, register)
        except Refused as refusal:
            findings += refusal.findings
            place = loaded.project.sources[name].place
            message = f"{name} has not acknowledged the marks, and is not swept until it has"
            findings.append(Finding("C070", place, message, "mend it, and run: ombud mark --deliver"))
    return acknowledged, tuple(findings)


def _deliver(source: Opened, loaded: Loaded, digest: Digest, register: Register) -> int:
    sweep = sweep_of(source, loaded, digest, "marks", loaded.today())
    sweep.prepare()
    with source.connection.begin():
        return acknowledge(source.connection, sweep.names, register.marks())


def _checked(loaded: Loaded, wish: Wish) -> None:
    findings = []
    purposes = {purpose: None for own in loaded.policy.purposes.values() for purpose in own}
    if wish.purpose is not None and wish.purpose not in purposes:
        findings.append(Finding("C071", Place("--purpose"), "there is no such purpose", guess(wish.purpose, purposes)))
    companies = dict(loaded.policy.companies)
    if wish.company is not None and wish.company not in companies:
        findings.append(Finding("C071", Place("--company"), "there is no such company", guess(wish.company, companies)))
    if wish.act is Act.ENDED and not wish.ground.strip():
        findings.append(
            Finding("C072", Place("--ground"), "what ends claims needs a ground", "say it: --ground 'Art. 17(1)(b)'")
        )
    if len(wish.ground) > LONGEST:
        findings.append(
            Finding("C072", Place("--ground"), f"longer than {LONGEST} characters", "name the case instead")
        )
    if _ADDRESS.search(wish.ground):
        hint = "name the case instead: a ground is kept, and told, wherever the mark is"
        findings.append(Finding("C072", Place("--ground"), "there is an e-mail address in it", hint))
    if findings:
        raise Refused(*findings)


def _meant(loaded: Loaded, wish: Wish, made: Mark) -> None:
    """An end of everything ends duties too, and what is deleted for it does not come back: somebody has to say so."""
    staying = ends_what_stays(loaded, made)
    if not staying or made.purpose is not None or wish.every_purpose:
        return
    mostly = ", ".join(f"--purpose {purpose}" for purpose in ends_at_erasure(loaded, made)[:3])
    hint = f"name one purpose{f' ({mostly})' if mostly else ''}; or say --every-purpose, if all of them are to end"
    message = f"this would also end what stays, or is weighed, at a request for erasure: {', '.join(staying)}"
    raise Refused(Finding("C076", Place("--purpose"), message, hint))


# --- who is meant -----------------------------------------------------------------------------------------------


def _refs(
    loaded: Loaded, subjects: Iterable[str], digest: Digest
) -> tuple[frozenset[Ref], tuple[KeyRef, ...], tuple[int, int], tuple[Finding, ...]]:
    """The refs of a mark, the rows that only may be meant, how many carry them (and how many of these where nobody
    shares one), and sources that could not be asked.
    """
    held, rows = set(), []
    for text in subjects:
        if "=" in text:
            kind, value = identifier_of(loaded, text)
            held.add(IdRef(kind, digest(kind, value)))
        else:
            rows.append(row_of(loaded, text))
    if any(not ref.digest for ref in held):
        raise Refused(Finding("C061", SUBJECT, "this names nobody", by_identifier(loaded)))
    refs: set[Ref] = set(held)
    perhaps: list[KeyRef] = []
    carriers = apart = 0
    findings: list[Finding] = []
    for name in loaded.datamap.sources:
        own = [(table, key) for source, table, key in rows if source == name]
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
                shared = len(perhaps)
                for subject in source.source.subjects.values():
                    sure, maybe = _bearers(source, names, subject, frozenset(held), digest)
                    refs |= sure
                    perhaps += maybe
                refs |= {_named(loaded, source, names, table, key) for table, key in own}
                carrying = _carriers(source, names, frozenset(held), digest)
                carriers, apart = carriers + carrying, apart + (carrying if len(perhaps) == shared else 0)
        except Refused as refusal:
            if own:
                raise
            findings += (replace(finding, level=Level.WARNING) for finding in refusal.findings)
    return frozenset(refs), tuple(ref for ref in perhaps if ref not in refs), (carriers, apart), tuple(findings)


def _carriers(source: Opened, names: Names, held: frozenset[IdRef], digest: Digest) -> int:
    """Rows owned by one of these identifiers, and remembered persons who had one."""
    kinds = {ref.kind for ref in held}
    found = sum(bool(each.known & held) for each in people(source, names).values())
    for table in source.source.tables.values():
        rules = (*table.owners, *(rule for kind in table.kinds for cell in kind.cells.values() for rule in cell.of))
        for kind, column in {(rule.kind, rule.column) for rule in rules if isinstance(rule, ByIdentifier)}:
            if kind in kinds:
                written = names.row(table.name).c[column]
                values = source.connection.execute(sa.select(written).where(written.is_not(None))).scalars()
                found += sum(IdRef(kind, digest(kind, value)) in held for value in values)
    return found


def _bearers(
    source: Opened, names: Names, subject: Subject, held: frozenset[IdRef], digest: Digest
) -> tuple[set[KeyRef], list[KeyRef]]:
    """The rows of a subject with one of these identifiers: those alone with it in their company, and the others."""
    table = source.source.tables[subject.table]
    kinds = {ref.kind for ref in held}
    found: dict[IdRef, dict[KeyRef, str | None]] = {}
    for place in subject.identifiers:
        if place.kind not in kinds:
            continue
        for parts in source.connection.execute(_standing(source, names, subject, place)):
            key, (birth, raw, *whose) = tuple(parts[: len(table.key)]), parts[len(table.key) :]
            ref = IdRef(place.kind, digest(place.kind, raw))
            if ref in held:
                found.setdefault(ref, {})[KeyRef(source.name, subject.name, key, birth)] = _company(
                    table.company, whose
                )
    sure: set[KeyRef] = set()
    maybe: list[KeyRef] = []
    for bearers in found.values():
        for bearer, own in bearers.items():
            others = [company for other, company in bearers.items() if other != bearer]
            alone = all(company is not None and own is not None and company != own for company in others)
            sure.update([bearer] if alone else [])
            maybe += [] if alone else [bearer]
    return sure, maybe


def _standing(source: Opened, names: Names, subject: Subject, place: IdentifierColumn) -> sa.Select[Any]:
    """Key, birth stamp, identifier as it stands and, where a column says it, the company, of each row of a subject."""
    table, row = source.source.tables[subject.table], names.row(subject.table)
    each, where = row, []
    if place.child is not None and place.link is not None:
        each, link = names.row(place.child), source.source.tables[place.child].links[place.link]
        where = [equal(names.dialect, each.c[c], row.c[t]) for c, t in zip(link.columns, link.target, strict=True)]
        where += [each.c[c].not_in(link.absent) for c in link.columns if link.absent]
    for test in place.where:
        if test.link is None:
            where.append(
                sa.or_(*(each.c[test.column].is_(None) if v is None else each.c[test.column] == v for v in test.values))
            )
    company = [row.c[table.company.column]] if isinstance(table.company, CompanyColumn) else []
    about = [*(row.c[c] for c in table.key), names.birth(table, row), each.c[place.column], *company]
    return sa.select(*about).where(each.c[place.column].is_not(None), *where)


def _company(rule: object, value: list[Any]) -> str | None:
    match rule:
        case IsCompany(company):
            return company
        case CompanyColumn(_, values):
            return values.get(value[0])
        case _:
            return None


def _named(loaded: Loaded, source: Opened, names: Names, table: str, wanted: str) -> KeyRef:
    """The subject's row that is named by its key."""
    subjects = [subject for subject in source.source.subjects.values() if subject.table == table]
    if not subjects:
        tables = {subject.table: None for subject in source.source.subjects.values()}
        message = f"the rows of {source.name}.{table} are not persons"
        near = guess(table, tables)
        by = by_identifier(loaded)
        raise Refused(Finding("C062", SUBJECT, message, f"{near} Or {by}" if near.startswith("did") else by))
    mapped = source.source.tables[table]
    row = names.row(table)
    text = names.key_text(table, row)
    chosen = sa.select(*(row.c[c] for c in mapped.key), names.birth(mapped, row))
    chosen = chosen.where(text == "\x1f".join(wanted.split(",")) if len(mapped.key) > 1 else text == wanted)
    for *key, birth in source.connection.execute(chosen):
        return KeyRef(source.name, subjects[0].name, tuple(key), birth)
    raise Refused(
        no_row(source.name, mapped, wanted, SUBJECT, "name the person by an identifier: --subject KIND=VALUE")
    )
