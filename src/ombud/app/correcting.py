"""Corrections carried out: a row at a time, with its receipt; and marks that go with the person (Art. 16 GDPR)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from ombud.app.corrections import SET, Correction, by_source, cell_of, gone
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.marking import deliver
from ombud.app.naming import written_key
from ombud.app.planning import sweep_of
from ombud.app.sources import opened
from ombud.app.standing_marks import standing_marks
from ombud.engine.correcting import Changed, Setting, correct
from ombud.engine.refusal import StepRefused
from ombud.engine.sweep import Sweep
from ombud.terms import Act, Finding, IdRef


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was set by this call, what had been set before, how many marks were set again, and why the rest was not."""

    done: tuple[Correction, ...] = ()
    before: tuple[Correction, ...] = ()
    marks: int = 0
    findings: tuple[Finding, ...] = ()


PROTECTS = frozenset({Act.HELD, Act.RESTRICTED, Act.OBJECTED, Act.WITHDRAWN})
"""What keeps something, or stops a use."""


def carry_out(loaded: Loaded, corrections: Sequence[Correction], request: str, *, protected: bool = False) -> Corrected:
    """Set the cells, a row at a time, each with its receipt under the request's number. Repeating it does no harm.

    Marks that named the person by an identifier that was corrected are set again for the new one, so that a hold or an
    objection goes with the person and not with the address; of a `protected` identity, what keeps something or stops a
    use alone, for nothing is ended, or allowed, by what they had before.
    """
    done: list[Correction] = []
    before: list[Correction] = []
    findings: list[Finding] = []
    for source, of in by_source(corrections).items():
        try:
            with opened(loaded, source) as there:
                digest, _ = loaded.keys()
                sweep = sweep_of(there, loaded, digest, plan_of(request), loaded.today())
                sweep.prepare()
                for row in _by_row(of):
                    match _carried(sweep, row):
                        case Finding() as finding:
                            findings.append(finding)
                        case now:
                            (done if now else before).extend(row)
        except Refused as refusal:
            findings += refusal.findings
    marks = _follow(loaded, [*done, *before], PROTECTS if protected else frozenset(Act))
    return Corrected(tuple(done), tuple(before), marks, tuple(findings))


def plan_of(request: str) -> str:
    """The name under which the receipts of a request's corrections stand."""
    return f"request-{request}"


def _by_row(corrections: Iterable[Correction]) -> list[list[Correction]]:
    found: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for each in corrections:
        found[each.table, written_key(each.key)].append(each)
    return list(found.values())


def _carried(sweep: Sweep, row: Sequence[Correction]) -> bool | Finding:
    """Whether it was done now (False: before), or why not."""
    first = row[0]
    settings = [Setting(cell_of(sweep.source, each), each.seen, each.after, remove=each.after is None) for each in row]
    try:
        return correct(sweep, sweep.source.tables[first.table], first.key, settings)
    except Changed as changed:
        if not changed.cells:
            return gone(first)
        message = f"{first.source}.{first.table}: {', '.join(changed.cells)} changed after it was looked at"
        return Finding("C123", SET, message, "look again, and decide by what stands there now")
    except StepRefused:
        message = f"{first.source}.{first.table}: the database refused the correction, or kept something else"
        return Finding("C124", SET, message, "see its constraints and triggers; correct it in the application")


# --- marks go with the person -------------------------------------------------------------------------------------


def _follow(loaded: Loaded, corrections: Sequence[Correction], acts: frozenset[Act]) -> int:
    """Set again, for the new identifier, the marks in force that name an old one; how many. Repeated: none.

    Each stays the mark of the request that set it, which will undo it.
    """
    digest, register = loaded.keys()
    moved = dict(_moved(corrections, digest))
    if not moved:
        return 0
    marks = register.marks()
    again = []
    for each in standing_marks(marks, loaded.today()):
        if each.undone is not None or each.mark.act not in acts:
            continue
        fresh = frozenset(new for old, new in moved.items() if old in each.mark.refs) - each.mark.refs
        same = replace(each.mark, seq=0, refs=fresh)
        if fresh and not any(replace(mark, seq=0) == same for mark in marks):
            again.append(same)
    if again:
        register.add_all(again, loaded.around.now().astimezone(UTC).isoformat(timespec="seconds"))
        deliver(loaded)
    return len(again)


def _moved(corrections: Iterable[Correction], digest: Digest) -> Iterator[tuple[IdRef, IdRef]]:
    for each in corrections:
        if each.kind and each.before not in (None, "") and each.after not in (None, ""):
            yield IdRef(each.kind, digest(each.kind, each.before)), IdRef(each.kind, digest(each.kind, each.after))
