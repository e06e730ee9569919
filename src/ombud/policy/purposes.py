"""A purpose as a file says it, read into the model: bases, clock, and what follows where the file is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud.policy.known import Reading, mapping, text, texts
from ombud.policy.model import (
    TEXT,
    UNSTATED,
    Add,
    Article9,
    Basis,
    BasisKind,
    Clock,
    ClockStep,
    EndOf,
    Inclusive,
    Keep,
    OnErasure,
    Purpose,
    Use,
    While,
)
from ombud.policy.shape import wrong_period
from ombud.policy.tree import Entries, Entry, Form, Items, Node, Scalar
from ombud.terms import Level, Place, parse_period

ERASURE: Mapping[BasisKind, OnErasure] = {
    BasisKind.CONSENT: OnErasure.ENDS,
    BasisKind.CONTRACT: OnErasure.STAYS,
    BasisKind.LEGAL_OBLIGATION: OnErasure.STAYS,
    BasisKind.VITAL_INTERESTS: OnErasure.REVIEW,
    BasisKind.PUBLIC_TASK: OnErasure.REVIEW,
    BasisKind.LEGITIMATE_INTERESTS: OnErasure.REVIEW,
    BasisKind.UNSTATED: OnErasure.REVIEW,
    BasisKind.NONE: OnErasure.STAYS,
}
"""What a request for erasure does where the purpose does not say; direct marketing always ends."""


def merge(said: Entries, differs: Entries, place: Place) -> Entries:
    """A group's purpose with a company's keys in place of its own; it stands where the company wrote it."""
    keys = {entry.key: entry for entry in said.entries} | {entry.key: entry for entry in differs.entries}
    return Entries(place, tuple(keys.values()))


def purpose(name: str, place: Place, said: Entries, reading: Reading) -> Purpose | None:
    """Read one purpose.

    P007 missing key, P012 unknown name, P017 repeated, P019 bases, P020 sealed, P023 duty,
    P024 erasure, P041 no statute.
    """
    for key in () if text(said.get("basis")) == BasisKind.NONE else ("basis", "data", "keep"):
        if said.get(key) is None:
            reading.add("P007", place, f"the purpose {name} has no {key}", f"add {key}:")
    bases = _bases(said.get("basis"), reading)
    uses = frozenset(Use(word) for word in texts(said.get("use")))
    recipients = reading.terms("recipients", said.get("recipients"))
    if bases and bases[0].kind is BasisKind.NONE:
        return _nothing_personal(name, place, said, uses, recipients, reading)
    keep = _keep(said.get("keep"), reading)
    data = _data(said.get("data"), reading)
    if not bases or keep is None:
        return None
    at_least = text(said.get("bound")) == "at_least"
    if at_least and not isinstance(keep, Clock):
        reading.add(
            "P023",
            said.at("bound"),
            f"a duty to keep needs a clock, and {name} has none",
            "write a period after a moment",
        )
    if Use.SEALED in uses and recipients:
        reading.add(
            "P020",
            said.at("recipients"),
            f"{name} is sealed, and is handed to {', '.join(recipients)}",
            "drop one of the two",
        )
    return Purpose(
        name,
        bases,
        data,
        keep,
        _erasure(name, place, said, bases, uses, reading),
        at_least,
        uses,
        recipients,
        Article9(text(said.get("article9"))) if said.get("article9") else None,
        mapping(said.get("title")),
        text(said.get("clause")),
        place,
        texts(said.get("dpv")),
        mapping(said.get("if_not_given")),
    )


def _nothing_personal(
    name: str, place: Place, said: Entries, uses: frozenset[Use], recipients: tuple[str, ...], reading: Reading
) -> Purpose:
    for key in ("data", "keep", "bound", "erasure", "article9"):
        if said.get(key) is not None:
            reading.add(
                "P019",
                said.at(key),
                f"{name} has basis none, so it can hold no personal data",
                f"drop {key}, or state a basis",
            )
    bare = Purpose(name, (Basis(BasisKind.NONE),), frozenset(), While(UNSTATED), OnErasure.STAYS, place=place)
    return replace(
        bare,
        uses=uses,
        recipients=recipients,
        title=mapping(said.get("title")),
        clause=text(said.get("clause")),
        dpv=texts(said.get("dpv")),
    )


def _bases(node: Node | None, reading: Reading) -> tuple[Basis, ...]:
    found: tuple[Basis, ...]
    match node:
        case None | Scalar(form=Form.EMPTY):
            return ()
        case Scalar():
            found = (Basis(BasisKind(node.text)),)
        case Items():
            found = tuple(dict.fromkeys(Basis(BasisKind(word)) for word in texts(node)))
            if len(found) < len(node.nodes):
                reading.add("P017", node.place, "a basis stands twice in the list", "keep one of them")
        case Entries():
            found = tuple(_basis(entry, reading) for entry in node.entries)
    for basis in found:
        if basis.kind is BasisKind.LEGAL_OBLIGATION and not basis.statutes:
            hint = "write basis: {legal_obligation: {statute: …}}"
            reading.add("P041", node.place, "a legal obligation names no statute (Art. 6(3))", hint, Level.WARNING)
    return found


def _basis(entry: Entry, reading: Reading) -> Basis:
    said = entry.node if isinstance(entry.node, Entries) else Entries(entry.place, ())
    kind = BasisKind(entry.key)
    statutes = texts(said.get("statute"))
    if statutes and kind not in (BasisKind.LEGAL_OBLIGATION, BasisKind.PUBLIC_TASK):
        reading.add(
            "P019",
            said.at("statute"),
            f"a statute does not ground {kind}",
            "name it under legal_obligation or public_task",
        )
    return Basis(kind, reading.term("states", said.get("while")), statutes)


def _data(node: Node | None, reading: Reading) -> frozenset[str]:
    paths = reading.terms("categories", node)
    for path in paths:
        above = next((other for other in paths if path.startswith(f"{other}.")), None)
        if above is not None and node is not None:
            reading.add(
                "P017",
                node.place,
                f"{path} is covered by {above}",
                f"drop {path}, or list the parts of {above}",
                Level.WARNING,
            )
    if TEXT in paths and node is not None:
        reading.add("P017", node.place, "free text is always covered", "drop text", Level.WARNING)
    return frozenset(paths)


def _keep(node: Node | None, reading: Reading) -> Keep | None:
    match node:
        case None | Scalar(form=Form.EMPTY):
            return None
        case Scalar():
            return While(UNSTATED)
        case Items():
            steps = tuple(step for item in node.nodes[1:] if (step := _step(item, reading)) is not None)
            start = reading.term("moments", node.nodes[0])
            return Clock(start, steps) if start is not None else None
        case Entries():
            return _stated(node, reading)


def _stated(said: Entries, reading: Reading) -> Keep | None:
    if said.get("while"):
        state = reading.term("states", said.get("while"))
        return While(state) if state is not None else None
    word = next(word for word in ("after", "from", "until") if said.get(word))
    start = reading.term("moments", said.get(word))
    if start is None:
        return None
    if word == "until":
        return Clock(start)
    add = Add(parse_period(text(said.get("for"))))
    return Clock(start, (add,) if word == "after" else (add, Inclusive()))


def _step(item: Node, reading: Reading) -> ClockStep | None:
    said = text(item)
    if said == "day before":
        return Inclusive()
    if said.startswith("end of "):
        return EndOf(said.removeprefix("end of "))
    wrong = wrong_period(said)
    if wrong is not None:
        reading.add(wrong[0], item.place, wrong[1], wrong[2])
        return None
    return Add(parse_period(said))


def _erasure(
    name: str, place: Place, said: Entries, bases: tuple[Basis, ...], uses: frozenset[Use], reading: Reading
) -> OnErasure:
    stated = text(said.get("erasure"))
    if stated:
        return OnErasure(stated)
    if Use.DIRECT_MARKETING in uses:
        return OnErasure.ENDS
    effects = {ERASURE[basis.kind] for basis in bases}
    if len(effects) > 1:
        hint = "add erasure: ends, review or stays"
        reading.add("P024", place, f"the bases of {name} differ in what an erasure request does to it", hint)
        return OnErasure.REVIEW
    return effects.pop()
