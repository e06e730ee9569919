"""Which categories of the policy a list of fideslang's categories is, and what no category says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ombud.datamap.guess.taxonomy import concept_of, special
from ombud.datamap.guess.vocabulary import Vocabulary
from ombud.policy.model import TEXT


@dataclass(frozen=True)
class Data:
    """`paths`: the policy's categories. `loose`: personal, of no category of its own. `nobodys`: not a person's."""

    paths: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    nobodys: tuple[str, ...] = ()
    special: bool = False

    @property
    def personal(self) -> bool:
        """Whether any of it is a person's."""
        return bool(self.paths or self.loose)


@dataclass
class Categories:
    """The categories that are used, by the vocabulary that maps are drafted with, and from which each was made."""

    vocabulary: Vocabulary
    made_of: dict[str, dict[str, None]] = field(default_factory=dict)
    special: dict[str, str] = field(default_factory=dict)

    def data(self, said: Iterable[str]) -> Data:
        """What a declaration's categories are; each is counted among those that are used."""
        paths, loose, nobodys, sensitive = dict[str, None](), list[str](), list[str](), False
        for each in dict.fromkeys(said):
            concept = concept_of(each)
            if concept is None:
                nobodys.append(each)
                continue
            path = self.vocabulary.category(concept)
            if path == TEXT:
                loose.append(each)
                continue
            paths[path] = None
            self.made_of.setdefault(path, {})[each] = None
            if special(each):
                self.special.setdefault(path, each)
                sensitive = True
        return Data(_topmost(paths), tuple(loose), tuple(nobodys), sensitive)

    def path(self, category: str) -> str:
        """The policy's category that a category is, `text` where it has none of its own; "" where it is no person's."""
        concept = concept_of(category)
        return "" if concept is None else self.vocabulary.category(concept)

    def tree(self) -> Tree:
        """All paths that are used, as a tree."""
        root: Tree = {}
        for path in self.made_of:
            at = root
            for part in path.split("."):
                at = at.setdefault(part, {})
        return root


Tree = dict[str, "Tree"]
"""Names, each with the names beneath it."""


def _topmost(paths: Mapping[str, None]) -> tuple[str, ...]:
    """Without what another of them covers."""
    return tuple(sorted(p for p in paths if not any(p.startswith(f"{other}.") for other in paths)))
