"""One privacy declaration as a purpose of a policy, each part with what was guessed or left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ombud.datamap.declarations import uses
from ombud.datamap.declarations.categories import Categories, Data
from ombud.datamap.declarations.recipients import Recipients
from ombud.datamap.declarations.retention import counted_in_days, period
from ombud.datamap.declarations.systems import Declaration, System
from ombud.datamap.guess.quoting import sentence
from ombud.policy.model import TEXT, Article9, BasisKind, Use


@dataclass(frozen=True)
class Origin:
    """Where a purpose was declared."""

    system: str
    system_name: str
    declaration: str
    use: str


@dataclass(frozen=True)
class Part:
    """What a key of the policy says, and what a person must know of it; equal where what it says is."""

    said: object
    note: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part) and self.said == other.said

    def __hash__(self) -> int:
        return hash(self.said)


@dataclass(frozen=True)
class Drafted:
    """A purpose: equal ones have equal `content`. `data` is None where nothing says what it holds."""

    title: str
    use: str
    basis: Part
    data: Part
    keep: Part
    article9: Part
    kinds: tuple[Use, ...]
    recipients: tuple[str, ...]
    remarks: tuple[str, ...]
    origins: tuple[Origin, ...]
    organisations: tuple[str, ...]

    @property
    def content(self) -> tuple[object, ...]:
        """All that is said of it but where, and for whom."""
        title = self.title.casefold()
        return title, self.use, self.basis, self.data, self.keep, self.article9, self.kinds, self.recipients


def together(equal: Sequence[Drafted]) -> Drafted:
    """Purposes of equal content as one: all are named, and whatever is to be told of any is."""
    return replace(
        equal[0],
        remarks=tuple(dict.fromkeys(remark for each in equal for remark in each.remarks)),
        origins=tuple(origin for each in equal for origin in each.origins),
        organisations=tuple(dict.fromkeys(key for each in equal for key in each.organisations)),
        basis=_noted(each.basis for each in equal),
        data=_noted(each.data for each in equal),
        keep=_noted(each.keep for each in equal),
        article9=_noted(each.article9 for each in equal),
    )


def drafted(system: System, said: Declaration, categories: Categories, recipients: Recipients) -> Drafted:
    """The purpose of a declaration."""
    data = categories.data(said.categories)
    basis, remarks = _basis(said, data), _remarks(said, data)
    names: tuple[str, ...] = ()
    if basis.said is BasisKind.NONE:
        keep = article9 = whole = Part(None)
    else:
        keep, article9, whole = _keep(said), _article9(said, data), _data(data)
        names, told = recipients.of(system, said)
        remarks += told
    name = sentence(said.name)
    return Drafted(
        name,
        said.use,
        basis,
        whole,
        keep,
        article9,
        uses.kinds(said.use),
        names,
        tuple(dict.fromkeys(remarks)),
        (Origin(system.key, system.name, name, said.use),),
        (system.organisation,),
    )


def _basis(said: Declaration, data: Data) -> Part:
    if data.nobodys and not data.personal:
        some = sentence(", ".join(data.nobodys))
        return Part(
            BasisKind.NONE, f"data_categories {some}: no person's. Is something personal held, say basis and data"
        )
    found = uses.basis(said.basis)
    if found is None:
        what = (
            f'legal_basis_for_processing "{sentence(said.basis)}" is none of the six'
            if said.basis.strip()
            else "not said"
        )
        return Part(BasisKind.UNSTATED, f"{what}: decide the basis (Art. 6(1))")
    notes = list[str]()
    if found is BasisKind.LEGAL_OBLIGATION:
        notes.append("by which statute it does not say: write {legal_obligation: {statute: …}}")
    if found is BasisKind.PUBLIC_TASK:
        notes.append(f'"{sentence(said.basis)}" is read as Art. 6(1)(e)')
    if said.flexible:
        notes.append("flexible: a privacy notice may have another, so see which holds")
    return Part(found, "; ".join(notes))


def _data(data: Data) -> Part:
    if data.paths:
        return Part(data.paths)
    if data.loose:
        some = sentence(", ".join(data.loose))
        return Part((TEXT,), f"data_categories {some}: of no category of their own: declare which they are")
    return Part(None, "no data_categories, so data: is left out: say which categories it holds")


def _keep(said: Declaration) -> Part:
    words = sentence(said.retention)
    if not words:
        return Part("", "no retention_period: decide from which moment, and for how long")
    found = period(said.retention)
    if not found:
        return Part("", f'retention_period "{words}" is left out, for it does not say a period alone: decide')
    days = ", counted in days" if counted_in_days(said.retention) else ""
    return Part(found, f'retention_period "{words}"{days}; from which moment, it does not say: name it under moments')


def _article9(said: Declaration, data: Data) -> Part:
    found = uses.condition(said.article9)
    if found is not None:
        return Part(found)
    if said.article9.strip():
        return Part(
            None, f'special_category_legal_basis "{sentence(said.article9)}" is none of Art. 9(2)\'s: decide article9'
        )
    if data.special:
        return Part(None, "special categories, and no special_category_legal_basis: decide article9 (Art. 9(2))")
    if said.special:
        return Part(
            None, "processes_special_category_data, and none is among data_categories: decide data and article9"
        )
    return Part(None)


def _remarks(said: Declaration, data: Data) -> list[str]:
    """What a policy has no place for, or what only a person can decide."""
    found = list[str]()
    if data.loose and data.paths:
        some = sentence(", ".join(data.loose))
        found.append(
            f"data_categories {some} have none of their own here (a map says text): declare them if they should"
        )
    if data.nobodys and data.personal:
        found.append(f"data_categories {sentence(', '.join(data.nobodys))} are left out: no person's")
    if not uses.known(said.use):
        found.append(f"data_use {sentence(said.use)} is none of its own: what it means for use and dpv is yours to say")
    if uses.maybe_direct(said.use):
        found.append(f"data_use {sentence(said.use)}: decide whether it is direct marketing: use: [direct_marketing]")
    if said.subjects:
        found.append(
            f"data_subjects {sentence(', '.join(said.subjects))}: a policy has none; a map says whose rows are"
        )
    if said.qualifier.strip():
        found.append(f"data_qualifier {sentence(said.qualifier)} is left out: decide use: [aggregates_only]")
    if said.unread:
        found.append(f"not read: {sentence(', '.join(said.unread))}")
    return found


def _noted(parts: Iterable[Part]) -> Part:
    """Equal parts as one, with what is to be known of any."""
    every = list(parts)
    return replace(every[0], note="; ".join(dict.fromkeys(each.note for each in every if each.note)))


def condition(part: Part) -> Article9 | None:
    """The condition that a purpose's part for Art. 9(2) says."""
    return part.said if isinstance(part.said, Article9) else None
