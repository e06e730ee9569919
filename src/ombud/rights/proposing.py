"""Read one free text for what is somebody else's: identifiers, known names, names told by what is beside."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ombud.documents.extract import Span
from ombud.rights.others import Confidence, Known, Other, Proposal, Whose
from ombud.rights.patterns import Found, found_in
from ombud.rights.phrases import Phrases, Word, adjoining, begins_a_sentence, is_genitive, keys, own_words, words

NETWORK = "ip"

KIN = frozenset(
    """man mannen maken make maka makan hustru hustrun fru frun sambo sambon särbo partner partnern exman exmake exfru
    dotter dottern son sonen barn barnet mamma pappa mor far moder fader syster systern bror brodern broder
    mormor morfar farmor farfar svärmor svärfar kusin moster faster kollega kollegan vän vännen väninna granne grannen
    husband wife spouse daughter mother father sister brother colleague neighbour neighbor friend boyfriend girlfriend
    """.split()
)
"""Words after which a capital begins the name of somebody close, in Swedish and English."""

CLOSING = frozenset("mvh hälsningar hälsning hälsar vänligen regards sincerely cheers".split())
"""Words after which whoever wrote signs."""

TAIL = 80
"""Characters after a name that must be empty for it to be a signature."""

IDENTIFIERS = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "personnummer": "a personal identity number",
    NETWORK: "a network address",
}


@dataclass(frozen=True)
class Reader:
    """Reads texts against what is known of one requester and those around them."""

    known: Known

    @cached_property
    def _own(self) -> frozenset[str]:
        return own_words(self.known.names)

    @cached_property
    def _surnames(self) -> frozenset[str]:
        return frozenset(there[-1].bare for name in self.known.names if len(there := words(name)) > 1)

    @cached_property
    def _mine(self) -> frozenset[tuple[str, ...]]:
        """The requester's names and addresses, without marks, in either order."""
        found = set()
        for text in (*self.known.names, *self.known.addresses):
            bare = tuple(word.bare for word in words(text))
            found |= {bare, (*bare[1:], *bare[:1]), (*bare[-1:], *bare[:-1])}
        return frozenset(found - {()})

    @cached_property
    def _others(self) -> tuple[Other, ...]:
        """Those that are not the requester's by name, each once, with the words that count alone."""
        found: dict[tuple[str, ...], Other] = {}
        alone: dict[tuple[str, ...], Other] = {}
        for other in self.known.others:
            bare = tuple(word.bare for word in words(other.text))
            if not bare or bare in self._mine or all(self._is_initial(word) for word in bare):
                continue
            found.setdefault(keys(other.text), other)
            if other.alone and len(bare) > 1:
                for word in words(other.text):
                    if len(word.key) > 1:
                        alone.setdefault((word.key,), Other(word.key, other.why, other.whose, other.kind))
        return tuple({**alone, **found}.values())

    def _is_initial(self, word: str) -> bool:
        return word in self._own or (len(word) == 1 and any(own.startswith(word) for own in self._own))

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases([keys(other.text) for other in self._others])

    @cached_property
    def _own_phrases(self) -> Phrases:
        return Phrases([keys(text) for text in (*self.known.names, *self.known.addresses) if len(keys(text)) > 1])

    def read(self, text: str, *, free: bool = True, found: Sequence[Found] | None = None) -> tuple[Proposal, ...]:
        """Everything in a text that may be somebody else's, in order.

        Not `free`: a cell that should hold one thing, in which only what is known to be another's counts. `found`: the
        identifiers in it, where they were looked for before.
        """
        found = found_in(text) if found is None else found
        proposals = [*self._identifiers(found, free=free)]
        if not free and not self._others:
            return tuple(sorted(proposals, key=lambda each: (each.span.start, each.span.end)))
        there = words(text)
        named = [*self._known_names(text, there)]
        if free:
            named += [*self._beside(text, there, proposals)]
        if not named:
            return tuple(sorted(proposals, key=lambda each: (each.span.start, each.span.end)))
        mine = {hit.start: hit.end for hit in self._own_phrases.find(text, there)}
        named = [each for each in _longest(named) if mine.get(each.span.start, 0) < each.span.end]
        proposals += _outside(text, named, [each for each in found if self._is_own(each)])
        return tuple(sorted(proposals, key=lambda each: (each.span.start, each.span.end)))

    # --- identifiers --------------------------------------------------------------------------------------------

    def _is_own(self, found: Found) -> bool:
        return (found.kind, found.form) in self.known.own

    def _identifiers(self, found: Sequence[Found], *, free: bool) -> Iterator[Proposal]:
        for each in found:
            theirs = self.known.theirs.get((each.kind, each.form))
            if self._is_own(each) or (theirs is None and not free):
                continue
            what = IDENTIFIERS[each.kind]
            if not each.form:
                why = f"more than can be told apart, beginning with {what}"
                yield Proposal(Span(each.start, each.end, why), each.kind, Whose.UNKNOWN, Confidence.POSSIBLE)
            elif theirs is not None:
                why = f"{what} of {_WHO[theirs]}"
                yield Proposal(Span(each.start, each.end, why), each.kind, theirs, Confidence.CERTAIN)
            else:
                sure = Confidence.POSSIBLE if each.kind == NETWORK else Confidence.LIKELY
                why = f"{what} that is not known to be the requester's"
                yield Proposal(Span(each.start, each.end, why), each.kind, Whose.UNKNOWN, sure)

    # --- names --------------------------------------------------------------------------------------------------

    def _known_names(self, text: str, there: Sequence[Word]) -> Iterator[Proposal]:
        starts = {word.start: word for word in there}
        for hit in self._phrases.find(text, there):
            other = self._others[hit.phrase]
            word = starts[hit.start]
            single = word.end == hit.end
            if single and (not word.capital or self._is_own_word(word)):
                continue
            sure = other.confidence
            if not hit.exact or (single and begins_a_sentence(text, word)):
                sure = Confidence.POSSIBLE
            yield _named(hit.start, hit.end, other.why, other.whose, sure, other.kind)

    def _is_own_word(self, word: Word) -> bool:
        return any(is_genitive(word.bare, own) for own in self._own)

    def _beside(self, text: str, there: Sequence[Word], identifiers: Sequence[Proposal]) -> Iterator[Proposal]:
        """Names that nobody knows, told by what stands beside them."""
        starts = {each.span.start: each for each in identifiers}
        for n, word in enumerate(there):
            if not word.capital or self._is_own_word(word):
                continue
            run = self._run(text, there, n)
            last, before = run[-1], there[n - 1] if n else None
            following = there[n + 1] if n + 1 < len(there) else None
            if following and adjoining(text, word, following) and self._is_surname(following):
                yield _named(word.start, following.end, "a name with the requester's surname", Whose.HOUSEHOLD)
            if before and before.key in KIN and adjoining(text, before, word):
                why = "a name after a word for somebody close"
                sure = Confidence.LIKELY if len(run) > 1 else Confidence.POSSIBLE
                yield _named(word.start, last.end, why, Whose.HOUSEHOLD, sure)
            if before and before.key in CLOSING and not text[last.end : last.end + TAIL].strip(" .!\n\r\t/-"):
                yield _named(word.start, last.end, "who signed", Whose.STAFF, Confidence.POSSIBLE)
            beside = next((starts[at] for at in range(last.end, last.end + 5) if at in starts), None)
            if beside and len(run) > 1 and (before is None or not self._joins(text, before, word)):
                yield _named(word.start, last.end, f"a name before {IDENTIFIERS[beside.kind]}", beside.whose)

    def _is_surname(self, word: Word) -> bool:
        return word.capital and any(is_genitive(word.bare, own) for own in self._surnames)

    def _run(self, text: str, there: Sequence[Word], n: int) -> Sequence[Word]:
        """The capitalised words from here on, four at most, that are not the requester's."""
        end = n + 1
        while end < min(len(there), n + 4) and self._joins(text, there[end - 1], there[end]):
            end += 1
        return there[n:end]

    def _joins(self, text: str, one: Word, other: Word) -> bool:
        apart = text[one.end : other.start]
        return one.capital and other.capital and apart in (" ", "-", "\u00a0") and not self._is_own_word(one)


_WHO = {
    Whose.ANOTHER: "another person in the databases",
    Whose.HOUSEHOLD: "somebody who shares an address with the requester",
    Whose.STAFF: "somebody who works here",
    Whose.UNKNOWN: "somebody unknown",
}


def _named(
    start: int, end: int, why: str, whose: Whose, sure: Confidence = Confidence.LIKELY, kind: str = "name"
) -> Proposal:
    return Proposal(Span(start, end, why), kind, whose, sure)


def _outside(text: str, named: Sequence[Proposal], own: Sequence[Found]) -> Iterator[Proposal]:
    """What of these names is outside the requester's own identifiers; both are in order."""
    ahead = deque(own)
    for each in named:
        while ahead and ahead[0].end <= each.span.start:
            ahead.popleft()
        start = each.span.start
        for mine in ahead:
            if mine.start >= each.span.end:
                break
            yield from _part(text, each, start, mine.start)
            start = mine.end
        yield from _part(text, each, start, each.span.end)


def _part(text: str, named: Proposal, start: int, end: int) -> Iterator[Proposal]:
    if start < end and any(c.isalnum() for c in text[start:end]):
        yield replace(named, span=replace(named.span, start=start, end=end))


def _longest(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Of names that overlap, the first that is longest."""
    kept: list[Proposal] = []
    for each in sorted(proposals, key=lambda p: (p.span.start, -p.span.end)):
        if kept and each.span.start < kept[-1].span.end:
            continue
        kept.append(each)
    return kept
