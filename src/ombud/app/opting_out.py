"""Opt-outs that stand in a column, kept as keyed hashes in the register before their row goes.

A consent column speaks of its row alone (spec/claims.md §3), so what it said does not reach a row that is imported
again later. The register does: `withdrawn` is written before the row goes; once no row says it any more, `objected`
too where the purpose has bases that an objection ends. In that order, for an objection to direct marketing keeps what
it is about for the days of `undo`, and nothing is to wait for it that goes anyway. A consent that a row says
on a later day takes back what was kept here, and nothing that anybody else marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date

from ombud.adapters.register import Register
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.marking import deliver
from ombud.app.register_kept import check_register
from ombud.app.said_in_columns import Said, said_in_columns
from ombud.app.sources import Opened, opened
from ombud.app.suppressing import ANEW, KEPT, hears_objections
from ombud.terms import Act, Finding, IdRef, Level, Mark, Ref

Refs = frozenset[IdRef]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many marks were written, by act, and why a source could not be asked or has not acknowledged."""

    written: Mapping[Act, int]
    findings: tuple[Finding, ...] = ()


def keep(loaded: Loaded, sources: Iterable[str], *, plan: str | None = None, gone: bool = True) -> Kept:
    """Write down what opt-out columns say of people's certain identifiers. Twice is once.

    `plan`: only rows that this plan deletes. `gone`: also what an objection adds once no row says it. A source that
    cannot be asked is a finding. Raises Refused where the register cannot be written.
    """
    asked = [name for name in sources if _opts_out(loaded, name)]
    findings: list[Finding] = []
    every: dict[str, tuple[Said, ...]] = {}
    digest, register = loaded.keys()
    known = register.marks()
    for name in asked:
        if plan is not None and gone and not _waiting(loaded, known, name):
            continue
        try:
            every[name] = tuple(_said(loaded, name, digest, None if gone else plan))
        except Refused as refusal:
            findings += refusal.findings
    wanted = [mark for name, said in every.items() for mark in _marks(loaded, name, said, known, gone=gone, plan=plan)]
    return _written(loaded, register, wanted, findings)


def _written(loaded: Loaded, register: Register, wanted: list[Mark], findings: list[Finding]) -> Kept:
    if not wanted:
        return Kept({}, tuple(findings))
    check_register(loaded)
    register.add_all(wanted, loaded.around.now().astimezone(UTC).isoformat(timespec="seconds"))
    _, undelivered = deliver(loaded)
    told = {finding.message for finding in findings}
    findings += [finding for finding in undelivered if finding.message not in told]
    acts = [mark.act for mark in wanted]
    return Kept({act: acts.count(act) for act in dict.fromkeys(acts)}, tuple(findings))


def before_in(loaded: Loaded, source: Opened, plan: str) -> None:
    """The same as `before` in one source that is open, outside a transaction. Raises Refused."""
    if not _opts_out(loaded, source.name):
        return
    digest, register = loaded.keys()
    with source.connection.begin():
        said = tuple(said_in_columns(source, digest, loaded.policy.zone, plan))
    wanted = [*_marks(loaded, source.name, said, register.marks(), gone=False, plan=plan)] if said else []
    _written(loaded, register, wanted, [])


def before(loaded: Loaded, plan: str, sources: Iterable[str]) -> tuple[Finding, ...]:
    """Before a plan deletes rows: keep what they say. What cannot be asked is said by the apply itself."""
    return _quiet(loaded, plan, sources, gone=False)


def after(loaded: Loaded, plan: str, sources: Iterable[str]) -> tuple[Finding, ...]:
    """Once it has: what was kept of rows that are gone counts as an objection too."""
    return _quiet(loaded, plan, sources, gone=True)


def _quiet(loaded: Loaded, plan: str, sources: Iterable[str], *, gone: bool) -> tuple[Finding, ...]:
    try:
        found = keep(loaded, sources, plan=plan, gone=gone).findings
    except Refused:
        return ()
    return tuple(finding for finding in found if finding.code == "C070" and finding.level is Level.ERROR)


def _opts_out(loaded: Loaded, source: str) -> bool:
    tables = loaded.datamap.sources[source].tables.values() if source in loaded.datamap.sources else ()
    return any(mark.withdrawn is not None for table in tables for mark in table.marks)


def _said(loaded: Loaded, name: str, digest: Digest, plan: str | None) -> Iterator[Said]:
    with opened(loaded, name, read_only=True) as source, source.connection.begin():
        yield from said_in_columns(source, digest, loaded.policy.zone, plan)


# --- which marks ------------------------------------------------------------------------------------------------


def _marks(
    loaded: Loaded, source: str, said: Iterable[Said], known: tuple[Mark, ...], *, gone: bool, plan: str | None
) -> Iterator[Mark]:
    there = [each for each in said if each.day <= loaded.today()]
    by_ref = _Index(known)
    if plan is None or not gone:
        for each in there:
            ground = f"{source}.{each.table}"
            if each.act is Act.WITHDRAWN and not by_ref.says(each, Act.WITHDRAWN):
                yield _mark(each.day, Act.WITHDRAWN, each.refs, each.purpose, each.company, KEPT + ground)
            elif each.act is Act.CONSENTED and by_ref.is_overtaken(each):
                yield _mark(each.day, Act.OVERRIDDEN, each.refs, each.purpose, each.company, ANEW + ground)
    if not gone:
        return
    standing = {(ref, e.purpose, e.company) for e in there for ref in e.refs if e.act is Act.WITHDRAWN}
    for mark in _waiting(loaded, known, source):
        if not any((ref, mark.purpose, mark.company) in standing for ref in mark.refs):
            yield _mark(mark.day, Act.OBJECTED, _ids(mark), mark.purpose, mark.company, mark.ground)


def _mark(day: date, act: Act, refs: Refs, purpose: str | None, company: str | None, ground: str) -> Mark:
    return Mark(0, day, act, frozenset(refs), purpose, company, ground)


def _waiting(loaded: Loaded, known: Iterable[Mark], source: str) -> tuple[Mark, ...]:
    """The withdrawals that were kept of this source, and that an objection has not followed yet."""
    objected: dict[tuple[str | None, str | None, frozenset[Ref]], date] = {}
    kept: list[Mark] = []
    for mark in known:
        own = loaded.policy.purposes.get(mark.company or "", {}).get(mark.purpose or "")
        if own is None or not hears_objections(own):
            continue
        if mark.act is Act.OBJECTED:
            of = (mark.purpose, mark.company, mark.refs)
            objected[of] = max(mark.day, objected.get(of, mark.day))
        elif mark.act is Act.WITHDRAWN and mark.ground.startswith(f"{KEPT}{source}."):
            kept.append(mark)
    return tuple(m for m in kept if objected.get((m.purpose, m.company, m.refs), date.min) < m.day)


def _ids(mark: Mark) -> Refs:
    return frozenset(ref for ref in mark.refs if isinstance(ref, IdRef))


class _Index:
    """The register's marks by whom they name, for purpose and company."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._days: dict[tuple[IdRef, str | None, str | None, Act], date] = {}
        self._kept: dict[tuple[IdRef, str | None, str | None], date] = {}
        self._told: set[tuple[IdRef, str | None, str | None]] = set()
        for mark in marks:
            for ref in _ids(mark):
                at = (ref, mark.purpose, mark.company, mark.act)
                self._days[at] = max(mark.day, self._days.get(at, mark.day))
                if mark.act in (Act.OBJECTED, Act.WITHDRAWN) and mark.ground.startswith(KEPT):
                    self._kept[at[:3]] = max(mark.day, self._kept.get(at[:3], mark.day))
                elif mark.act is Act.OBJECTED:
                    self._told.add(at[:3])

    def says(self, said: Said, act: Act) -> bool:
        """Whether every identifier is known to have said so, on that day or later."""
        return all(
            (day := self._days.get((ref, said.purpose, said.company, act))) is not None and day >= said.day
            for ref in said.refs
        )

    def is_overtaken(self, said: Said) -> bool:
        """Whether what was kept is older than this consent, nothing has taken it back, and nobody objected besides."""
        scopes = [(purpose, company) for purpose in (None, said.purpose) for company in (None, said.company)]
        if any((ref, *scope) in self._told for ref in said.refs for scope in scopes):
            return False
        for ref in said.refs:
            kept = self._kept.get((ref, said.purpose, said.company))
            back = self._days.get((ref, said.purpose, said.company, Act.OVERRIDDEN))
            if kept is not None and kept < said.day and (back is None or back <= kept):
                return True
        return False
