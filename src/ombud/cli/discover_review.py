"""`ombud discover --review`: somebody who knows the database goes through the guesses of a draft."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session
from ombud.datamap.guess.review import Open, Review, Sort
from ombud.policy.model import TEXT

if TYPE_CHECKING:
    from ombud.app.discovering import Looks

_CATEGORY = re.compile(r"\w+([.-]\w+)*")
_OTHERWISE = {
    Sort.COLUMN: {"n": "not personal", "c": "another category"},
    Sort.LIST: {"c": "some of them are personal"},
    Sort.OWNER: {"c": "another owner"},
    Sort.SUBJECT: {"n": "its rows are no persons"},
    Sort.LEFT_OUT: {"n": "it is about persons: map it"},
}
"""What can be answered beside yes, by what a guess is about."""


def go_through(session: Session, file: Path, database: str | None) -> int:
    """Ask about each guess, the riskiest first; the file is written after each answer, so that nothing is lost."""
    from ombud.app.discovering import looks
    from ombud.datamap.load import LONGEST
    from ombud.policy.tree import text_of

    say = session.speaker
    review = Review(text_of(file, LONGEST))
    if not review.waiting():
        say.line("No line of it is a guess.")
        return 0
    with looks(session.directory, database, session.around.environ) as seen:
        asked = _Talk(session, review, file, seen).through()
    left = len(review.waiting())
    say.line(f"{asked} answered, {left} left.", *((" ", (session.typed("check", "--live"), "dim")) if not left else ()))
    return 1 if left else 0


class _Talk:
    """One sitting. What an answer makes anew is asked in the next."""

    def __init__(self, session: Session, review: Review, file: Path, looks: Looks) -> None:
        self.session, self.review, self.file, self.looks = session, review, file, looks
        self.waiting = review.waiting()
        self.done: set[int] = set()

    def through(self) -> int:
        """How many guesses were answered."""
        answered = 0
        for n, guess in enumerate(self.waiting):
            if id(guess.line) in self.done:
                continue
            same = [g for g in self.waiting[n:] if g.table == guess.table and id(g.line) not in self.done]
            same = [g for g in same if g.sort is not Sort.REMARK] if guess.table else []
            self._show(guess, f"{n + 1}/{len(self.waiting)} ", len(same))
            said = self._asked(guess, many=bool(same))
            if said == "q":
                break
            if said == "s":
                continue
            for each in same if said == "t" else [guess]:
                answered += self._does(each, "y" if said == "t" else said)
                self.done.add(id(each.line))
            _write(self.file, self.review.text)
        return answered

    # --- asking ------------------------------------------------------------------------------------------------

    def _show(self, guess: Open, number: str, many: int) -> None:
        say = self.session.speaker
        say.line("")
        say.line((number, "dim"), (".".join(guess.line.keys[1:]) or guess.said or "a remark", "bold"))
        if guess.said:
            listed = self.review.listed(guess)
            say.line(guess.said, f" {', '.join(listed)}" if listed else "", indent=4)
        say.line((f"{guess.sure:.0%} sure: {guess.why}", "dim"), indent=4)
        if guess.column and (seen := self.looks.values(guess.table, guess.column, guess.path)):
            say.line("looks like: ", ", ".join(seen), indent=4)
        if guess.sort is Sort.LEFT_OUT:
            for column, seen in self.looks.table(guess.left_out).items():
                say.line(f"{column}: ", (", ".join(seen) or "nothing in it", "dim"), indent=4)
        say.line((self._help(guess, many), "dim"), indent=4)

    def _help(self, guess: Open, many: int) -> str:
        yes = "said in the file, or not needed" if guess.sort is Sort.REMARK else "it holds"
        told = {"y": yes, **_OTHERWISE.get(guess.sort, {}), "s": "later"}
        told |= {"t": f"all {many} that are left of this table hold"} if many else {}
        return "  ".join(f"[{key}] {what}" for key, what in (told | {"q": "stop"}).items())

    def _asked(self, guess: Open, *, many: bool) -> str:
        """An answer that can be given here; any other is asked again."""
        can = {"y", "s", "q", *_OTHERWISE.get(guess.sort, {}), *(("t",) if many else ())}
        while (said := _prompt("> ", "s")[:1].lower()) not in can:
            self.session.speaker.line(f"{said} is no answer here: {', '.join(sorted(can))}", indent=4)
        return said

    # --- doing -------------------------------------------------------------------------------------------------

    def _does(self, guess: Open, said: str) -> int:
        match said, guess.sort:
            case "y", _:
                self.review.confirm(guess)
            case "n", Sort.COLUMN:
                self.review.not_personal(guess)
            case "n", Sort.SUBJECT:
                self.review.nobody(guess)
            case "n", Sort.LEFT_OUT:
                self.review.mapped(guess)
            case _, Sort.OWNER:
                return self._owner(guess)
            case _, Sort.LIST:
                return self._personal(guess)
            case _:
                if not (category := self._category("category")):
                    return 0
                self.review.holds(guess, category)
        return 1

    def _owner(self, guess: Open) -> int:
        say, links = self.session.speaker, self.review.links(guess.table)
        say.line(f"links of {guess.table}: {', '.join(links) or 'none'}", indent=4)
        say.line(
            "or nobody, or as a map says it: [a, b], {identifier: email, in: COLUMN}, {each: TABLE.LINK}", indent=4
        )
        while owner := _prompt("owner: "):
            if owner in (*links, "nobody") or owner[0] + owner[-1] in ("[]", "{}"):
                self.review.owned(guess, owner)
                return 1
            say.line(f"{owner} is none of them; an empty line leaves it as it is", indent=4)
        return 0

    def _personal(self, guess: Open) -> int:
        """Which columns of the list are personal, and what they hold; then whether the rest holds."""
        say = self.session.speaker
        while self.review.listed(guess) and (named := _prompt("which of them are personal (empty: no more): ")):
            columns, listed = [each.strip() for each in named.split(",")], self.review.listed(guess)
            if unknown := [each for each in columns if each not in listed]:
                say.line(f"not in the list: {', '.join(unknown)}", indent=4)
                continue
            for column in columns:
                if category := self._category(f"category of {column}"):
                    self.review.personal(guess, column, category)
        left = self.review.listed(guess)
        if left and _prompt(f"nothing personal in {', '.join(left)}? [y/n] ", "n")[:1].lower() == "y":
            self.review.confirm(guess)
            return 1
        return int(not left)

    def _category(self, about: str) -> str:
        """A category; "" leaves it as it is."""
        known = sorted({*self.looks.categories, TEXT}) if self.looks.categories else []
        while category := _prompt(f"{about}: "):
            if category in known or (not known and _CATEGORY.fullmatch(category)):
                return category
            told = f"the policy has: {', '.join(known)}" if known else "a category is words with dots, as contact.name"
            self.session.speaker.line(f"{told}; an empty line leaves it as it is", indent=4)
        return ""


def _prompt(asked: str, nothing: str = "") -> str:
    """What is typed; where no more comes, as if the review were stopped."""
    try:
        said: str = click.prompt("", prompt_suffix=asked, default=nothing, show_default=False, err=True)
    except click.Abort:
        return "q" if asked == "> " else nothing
    return said.strip()


def _write(file: Path, text: str) -> None:
    """Whole or not at all: whoever is stopped meanwhile keeps every answer but the last."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
