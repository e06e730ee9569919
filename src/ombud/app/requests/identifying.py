"""What proof a request needs, and how it can be asked for: the ladder, told what the maps and the policy say.

Nobody is looked up before it is known who asks. So what is held, and what a proof can be compared with, is the worst
case: all that may be held of whoever is known as the request names them (spec/identity.md §1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import row_of
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.guarding import protection_of
from ombud.datamap.model import ByIdentifier, SourceMap
from ombud.policy.model import Category
from ombud.rights.deadlines import asked as stands_asked
from ombud.rights.deadlines import prompt_from, stops
from ombud.rights.events import AskedForProof, Identified
from ombud.rights.identity import Asked, Impossible, OnFile, Outcome, Proven, judge
from ombud.rights.ladder import LADDER, PROVABLE, Channel, FirstKnown, Sensitivity, at_least, needed
from ombud.rights.model import Proof, RequestKind, State
from ombud.rights.rules import Rules
from ombud.terms import Finding, Level, Place

CHANNELS: Mapping[str, Channel] = {
    "portal": Channel.PORTAL,
    "form": Channel.FORM,
    "email": Channel.EMAIL,
    "phone": Channel.PHONE,
    "post": Channel.POST,
    "letter": Channel.POST,
    "office": Channel.DESK,
    "desk": Channel.DESK,
}
"""What `--way` says, as a channel; any other word is taken for e-mail, by which most is written."""

NUMBER = "personnummer"

KNOWN: Mapping[str, FirstKnown] = {
    "email": FirstKnown.CONTACT_POINT,
    "phone": FirstKnown.CONTACT_POINT,
    NUMBER: FirstKnown.NUMBER,
    "account": FirstKnown.ACCOUNT,
}
"""How somebody with an identifier of this kind is known; whoever is known by another kind is on paper alone."""

ON_FILE: Mapping[str, frozenset[OnFile]] = {
    "email": frozenset({OnFile.EMAIL}),
    "phone": frozenset({OnFile.PHONE}),
    NUMBER: frozenset({OnFile.NUMBER, OnFile.REGISTERED_ADDRESS}),
    "account": frozenset({OnFile.ACCOUNT}),
}
"""What a proof can be compared with; the population register finds the address by the number."""

WITH_STRONGER = Proof.E_IDENTIFICATION
"""A proof from which the answer no longer has to go to the registered address alone."""


def asked_of(
    desk: Desk, opened: Opened, *, reached: Proof = Proof.NONE, signed: bool = False, protected: bool | None = None
) -> Asked:
    """A request as the ladder judges it. `signed`: in writing and with a signature, so it came by post. `protected`:
    whether the identity is, where that is known.
    """
    loaded = desk.loaded
    kinds, sources = _kinds(loaded, opened.asked.subjects)
    every, holding = _reachable(loaded, kinds, sources)
    held = frozenset(_sensitivities(loaded, holding))
    if protected is None:
        protected = opened.request.protected or protection_of(desk, opened).stands
    if protected:
        held |= {Sensitivity.PROTECTED}
    return Asked(
        opened.request.kind,
        Channel.POST if signed else CHANNELS.get(opened.asked.way.strip().lower(), Channel.EMAIL),
        max((KNOWN.get(kind, FirstKnown.PAPER) for kind in kinds), key=_provable, default=FirstKnown.PAPER),
        frozenset(each for kind in every for each in ON_FILE.get(kind, ())),
        held,
        max(reached, opened.request.proof, key=LADDER.index),
        signed,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """What a proof comes to: the rung that is needed at least, and what the ladder says."""

    rung: Proof
    outcome: Outcome

    @property
    def proven(self) -> Proven | None:
        """It is the person, by the ladder and by the house's own rules."""
        if not isinstance(self.outcome, Proven):
            return None
        enough = self.outcome.only_to_the_register or at_least(self.outcome.rung, self.rung)
        return self.outcome if enough else None

    @property
    def question(self) -> AskedForProof:
        """The question who they are, as it is put now: it stops no clock where it is not needed, or nothing on file
        could be compared with the answer (spec/identity.md §1).
        """
        return AskedForProof(self.proven is None and not isinstance(self.outcome, Impossible))


def judged(
    desk: Desk, opened: Opened, *, reached: Proof = Proof.NONE, signed: bool = False, protected: bool | None = None
) -> Judged:
    """Whether this proves enough for this request, else the question that asks least of the person."""
    asked = asked_of(desk, opened, reached=reached, signed=signed, protected=protected)
    rung = max(desk.rules.needs[asked.kind], needed(asked.kind, asked.held, asked.known), key=LADDER.index)
    return Judged(rung, judge(asked))


def rules_for(desk: Desk, opened: Opened, found: Judged) -> Rules:
    """The house's rules as they are for this one request: what is needed here, or what a signature is enough for."""
    rung = found.proven.rung if found.proven and found.proven.only_to_the_register else found.rung
    return replace(desk.rules, needs={**desk.rules.needs, opened.request.kind: rung})


def late(desk: Desk, opened: Opened) -> tuple[Finding, ...]:
    """What a handler is told who puts a question today: that no clock stops, where it does not (C174)."""
    found, request, today = judged(desk, opened), opened.request, desk.today()
    if isinstance(found.outcome, Impossible):
        why, hint = found.outcome.why.value, "decide what is known, and let the person add to it (Art. 11(2))"
    elif not found.question.needed:
        why, hint = "what is known proves enough", "ombud request identify"
    elif stops(request, today, desk.rules.prompt):
        return ()
    else:
        since = prompt_from(request, desk.rules.prompt)
        put = request.pauses[-1].since if stands_asked(request) else today
        after = "receipt" if since == request.received else "the answer before it"
        why = f"put {(put - since).days} days after {after}, and more than {desk.rules.prompt} is not prompt"
        hint = "answer in time all the same"
    return (Finding("C174", Place("request"), f"the clock does not stand still: {why}", hint, Level.WARNING),)


def only_registered(desk: Desk, opened: Opened) -> bool:
    """Whether the answer goes to the registered address alone: a signature proved who asks, and nothing more since."""
    if not opened.note(Identified).get("only_registered"):
        return False
    with told():
        return not any(at_least(each.rung, WITH_STRONGER) for each in desk.store.proofs(opened.id))


def staff_is_missing(desk: Desk, opened: Opened) -> bool:
    """Whether the identity turned out to be protected after less was proven than that needs."""
    asked = asked_of(desk, opened)
    rung = needed(asked.kind, asked.held, asked.known)
    if not asked.protected or opened.request.state in (State.RECEIVED, State.IDENTITY):
        return False
    with told():
        reached = [opened.request.proof, *(each.rung for each in desk.store.proofs(opened.id))]
    return not any(at_least(each, rung) for each in reached)


def may_be_shown(desk: Desk, opened: Opened, *, protected: bool | None = None) -> bool:
    """Whether who asks has proven enough to be given the data itself, as for an extract.

    A complaint is heard of whoever makes it, and less is proven for that: then its answer encloses nothing.
    """
    asked = asked_of(desk, opened, protected=protected)
    if opened.request.kind is RequestKind.ACCESS or only_registered(desk, opened):
        return True
    own = desk.rules.needs[RequestKind.ACCESS]
    rung = max(own, needed(RequestKind.ACCESS, asked.held, asked.known), key=LADDER.index)
    return at_least(asked.reached, rung)


def check_proven(desk: Desk, opened: Opened) -> None:
    """Raises Refused (C178) where less was proven than a protected identity needs."""
    if staff_is_missing(desk, opened):
        message = "the identity turned out to be protected, and less was proven of who asks than that needs"
        hint = "two of the staff vouch: ombud request identify ID --proof staff --second SIGN"
        raise Refused(Finding("C178", Place("request"), message, hint))


def code_is_enough(desk: Desk, opened: Opened) -> str:
    """The address to which a code would prove all that the request names. Raises Refused (C175)."""
    place = Place("request")
    subjects = opened.asked.subjects
    if len(subjects) != 1 or not subjects[0].startswith("email="):
        message = "a code proves one address, and the request names the person by other things too, or by none"
        raise Refused(Finding("C175", place, message, "prove it in another way: ombud request identify"))
    found = judged(desk, opened, reached=Proof.CONTACT_POINT)
    if found.proven is None:
        message = f"a code proves too little here: {found.rung.value} is needed"
        raise Refused(Finding("C175", place, message, "see how: ombud request show"))
    return subjects[0].partition("=")[2].strip()


# --- the worst case ---------------------------------------------------------------------------------------------


def _provable(known: FirstKnown) -> int:
    return LADDER.index(PROVABLE[known])


def _kinds(loaded: Loaded, subjects: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The kinds of identifiers by which a request names the person, and the sources of the rows that it names.

    A row is somebody known as its map knows persons: by a contact point where there is one.
    """
    kinds, sources = set[str](), set[str]()
    for text in subjects:
        kind, equals, _ = text.partition("=")
        if equals:
            kinds.add(kind)
            continue
        source, table, _ = row_of(loaded, text)
        sources.add(source)
        of_row = {
            place.kind
            for subject in loaded.datamap.sources[source].subjects.values()
            if subject.table == table
            for place in subject.identifiers
        }
        contact = of_row & {"email", "phone"}
        kinds |= contact or of_row
    return frozenset(kinds), frozenset(sources)


def _reachable(loaded: Loaded, kinds: frozenset[str], sources: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Every kind of identifier, and every source, to which these may lead: a row has others, and they lead on."""
    while True:
        more = {name for name, mapped in loaded.datamap.sources.items() if _kinds_in(mapped) & kinds} | sources
        wider = kinds.union(*(_kinds_of_persons(loaded.datamap.sources[name]) for name in more))
        if wider == kinds and more == sources:
            return kinds, sources
        kinds, sources = wider, frozenset(more)


def _kinds_of_persons(mapped: SourceMap) -> frozenset[str]:
    return frozenset(place.kind for subject in mapped.subjects.values() for place in subject.identifiers)


def _kinds_in(mapped: SourceMap) -> frozenset[str]:
    rules = [rule for table in mapped.tables.values() for rule in table.owners]
    kinds = [kind for table in mapped.tables.values() for kind in table.kinds]
    rules += [rule for kind in kinds for cell in kind.cells.values() for rule in cell.of]
    return _kinds_of_persons(mapped) | {rule.kind for rule in rules if isinstance(rule, ByIdentifier)}


def _sensitivities(loaded: Loaded, sources: Iterable[str]) -> Iterator[Sensitivity]:
    for name in sources:
        for table in loaded.datamap.sources[name].tables.values():
            for kind in table.kinds:
                for cell in kind.cells.values():
                    category = loaded.policy.categories.get(cell.category)
                    if category is not None:
                        yield _sensitivity(category)


def _sensitivity(category: Category) -> Sensitivity:
    if category.special:
        return Sensitivity.SPECIAL
    return Sensitivity.MASKED if category.masked else Sensitivity.ORDINARY
