"""Who gets data, as far as declarations say it: third parties in words, and systems that data goes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ombud.datamap.declarations.names import Names, slug
from ombud.datamap.declarations.systems import Declaration, System
from ombud.datamap.declarations.uses import shares
from ombud.datamap.guess.quoting import sentence
from ombud.policy.model import RecipientRole

_ROLES = {
    "processor": RecipientRole.PROCESSOR,
    "sub processor": RecipientRole.PROCESSOR,
    "controller": RecipientRole.CONTROLLER,
}


@dataclass(frozen=True)
class Recipient:
    """Who gets data; `why` says where that was said, `of_role` where its role was."""

    name: str
    title: str
    role: RecipientRole
    why: str
    of_role: str


@dataclass
class Recipients:
    """Everybody who gets data, each once. `systems` are those that the files describe, by key."""

    systems: Mapping[str, System]
    found: dict[tuple[str, str], Recipient] = field(default_factory=dict)
    _names: Names = field(default_factory=Names)

    def of(self, system: System, said: Declaration) -> tuple[tuple[str, ...], list[str]]:
        """The names of who gets what a declaration is about, and what is to be told of it."""
        told = list[str]()
        names = [*self._third_parties(said, told), *self._flows(system, said, told)]
        if names and said.shared_categories:
            some = sentence(", ".join(said.shared_categories))
            told.append(f"shared_categories {some}: here they get all data of the purpose; else make it two purposes")
        return tuple(dict.fromkeys(names)), told

    def _third_parties(self, said: Declaration, told: list[str]) -> Iterator[str]:
        words = said.third_parties.strip()
        if said.shared is False and words:
            told.append(
                f'third_parties "{sentence(words)}" is left out: data_shared_with_third_parties is false: decide'
            )
        elif words:
            yield self._named("words", words, slug(words, "third_party"), f'third_parties "{sentence(words)}"')
        elif said.shared or (shares(said.use) and said.shared is None):
            why = "data_shared_with_third_parties" if said.shared else f"data_use {sentence(said.use)}"
            yield self._named("words", "", "unnamed_third_party", f"{why}, and nothing says who they are")

    def _flows(self, system: System, said: Declaration, told: list[str]) -> Iterator[str]:
        known = {flow.key: flow for flow in system.egress}
        for key in known if said.egress is None else dict.fromkeys(said.egress):
            flow = known.get(key)
            kind = flow.type if flow else ""
            if kind == "dataset" or "user" in (kind, key):
                continue
            to = self.systems.get(key)
            if to is not None and not to.outside:
                told.append(f"egress to {sentence(key)} is no recipient: it is a system of your own")
                continue
            name = self._system(key, to)
            if said.egress is None:
                told.append(
                    f"recipients {name}: egress of its system, the declaration names none: see whether this goes there"
                )
            yield name

    def _named(self, kind: str, key: str, name: str, why: str) -> str:
        at = (kind, " ".join(key.lower().split()))
        if at not in self.found:
            taken = self._names.take(name)
            of_role = "a guess: third parties are what it speaks of"
            self.found[at] = Recipient(taken, sentence(key), RecipientRole.THIRD_PARTY, why, of_role)
        return self.found[at].name

    def _system(self, key: str, to: System | None) -> str:
        at = ("system", key)
        if at not in self.found:
            name = self._names.take(slug(key, "system"))
            said = [r for r in (to.responsibility if to else ()) if r.lower().replace("-", " ") in _ROLES]
            role = _ROLES[said[0].lower().replace("-", " ")] if said else RecipientRole.THIRD_PARTY
            of_role = f"responsibility {sentence(said[0])}" if said else "a guess: what it is, nothing says"
            title = sentence(to.name) if to and to.name.strip() else sentence(key)
            self.found[at] = Recipient(name, title, role, f"egress to {sentence(key)}", of_role)
        return self.found[at].name
