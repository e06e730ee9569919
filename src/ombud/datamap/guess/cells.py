"""Which paths of a document are cells: none lies inside another, and none leads through an array."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from ombud.datamap.guess.columns import Guess
from ombud.datamap.guess.lexicon import Concept


def common(concepts: Iterable[Concept | None]) -> Concept | None:
    """What covers all of these; None where nothing of them is personal."""
    personal = {each for each in concepts if each is not None}
    return personal.pop() if len(personal) == 1 else Concept.OTHER if personal else None


def cells(paths: Mapping[str, Guess], said: Mapping[str, Guess], arrays: Set[str]) -> dict[str, Guess]:
    """The paths apart: what lies inside another, or in an array, goes into the outermost. What is said of that counts.

    An array that is the whole document has the path "".
    """
    known = {**paths, **said}
    within: dict[str, list[str]] = {}
    for path in known:
        outermost = next(each for each in _above(path) if each in known or each in arrays)
        within.setdefault(outermost, []).append(path)
    return {
        outer: known[outer] if outer in said or inner == [outer] else _covering([known[path] for path in inner])
        for outer, inner in within.items()
    }


def _above(path: str) -> Iterator[str]:
    """The whole document, then each path that leads there, and the path itself."""
    yield ""
    parts = path.split(".")
    yield from (".".join(parts[:many]) for many in range(1, len(parts) + 1))


def _covering(inner: list[Guess]) -> Guess:
    telling = [each for each in inner if each.concept is not None] or inner
    reasons = "; ".join(dict.fromkeys(each.reason for each in telling))
    sure = min(each.certainty for each in telling)
    return Guess(
        common(each.concept for each in telling),
        sure,
        f"{reasons}; what lies in an array, or in another cell, is none of its own",
    )
