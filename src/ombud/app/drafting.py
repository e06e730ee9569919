"""A draft of a policy from systems that somebody described in fideslang: read, put together, written whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ombud.app.documents import document
from ombud.app.formatting import Formed
from ombud.app.formatting import write as write_over
from ombud.app.loaded import Refused
from ombud.app.project import load
from ombud.datamap.declarations.draft import Described, Draft, draft
from ombud.datamap.declarations.purposes import Drafted, condition
from ombud.datamap.declarations.uses import term
from ombud.datamap.declarations.written import written
from ombud.datamap.guess.vocabulary import Vocabulary
from ombud.policy.load import GROUP_FILE, load_text
from ombud.policy.tree import LONGEST
from ombud.terms import Finding, Level, Place

SUFFIXES = (".yml", ".yaml", ".json")
"""What is read of a folder."""


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files that are meant: of a folder, all that may be fideslang, in order. Raises Refused."""
    found = list(dict.fromkeys(file for path in paths for file in _inside(path)))
    if not found:
        hint = f"fideslang's files end in {', '.join(SUFFIXES)}"
        raise Refused(Finding("C078", Place(str(paths[0])), "there is no file in this folder", hint))
    return found


def _inside(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file())


def drafted(files: Sequence[Path], vocabulary: Vocabulary) -> Draft:
    """The policy that the systems of these files come to. Raises Refused, and OSError."""
    said = Described()
    for file in files:
        found = document(file)
        with found.told():
            said.read(found.plain)
    with found.told():
        return draft(said, vocabulary)


def text_of(made: Draft, files: Sequence[Path]) -> str:
    """The group's file. Raises Refused where it would be longer than a policy may be."""
    text = written(made, ", ".join(file.name for file in files))
    if len(text) > LONGEST:
        message = f"the draft would be longer than {LONGEST} characters, which is more than a policy may be"
        raise Refused(Finding("C078", Place(str(files[0])), message, "give fewer systems at a time"))
    return text


def place_of(directory: Path) -> Path:
    """Where a draft goes if nobody says: the project's policy, or here."""
    project, _ = load(directory)
    return project.policy / GROUP_FILE if project else Path(GROUP_FILE)


def refuse_what_is_there(to: Path, files: Sequence[Path], force: bool) -> None:
    """Raises Refused where the draft would overwrite a policy unasked, or what it is made from."""
    if any(to.resolve() == file.resolve() for file in files):
        raise Refused(Finding("C075", Place(str(to)), "the draft is made from this file", "--out elsewhere"))
    if to.exists() and not force:
        raise Refused(Finding("C075", Place(str(to)), "there is a policy already", "--out elsewhere, or --force"))


def write(to: Path, text: str) -> None:
    """Put the draft in its place, whole or not at all. Raises OSError."""
    if to.exists():
        write_over(Formed(to, "", text))
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("x", encoding="utf-8", newline="\n") as stream:
        try:
            stream.write(text)
        except BaseException:
            to.unlink(missing_ok=True)
            raise


def refused(text: str) -> int:
    """How many errors a check of the draft will tell, until a person has decided."""
    _, findings = load_text({GROUP_FILE: text})
    return sum(each.level is Level.ERROR for each in findings)


def as_json(made: Draft) -> dict[str, Any]:
    """The draft for programs."""
    return {
        "group": made.group,
        "companies": {name: {"organization": each.key, "name": each.name} for name, each in made.companies.items()},
        "categories": {
            path: {"from": list(of), "special": path in made.categories.special}
            for path, of in sorted(made.categories.made_of.items())
        },
        "recipients": {
            each.name: {"title": each.title, "role": each.role, "why": each.why} for each in made.recipients
        },
        "purposes": {name: _purpose(each, made) for name, each in made.purposes.items()},
        "sources": {
            key: {"purposes": source.purposes, "tables": {t: list(names) for t, names in source.tables.items()}}
            for key, source in made.sources.items()
        },
        "without_source": list(made.homeless),
        "remarks": list(made.remarks),
    }


def _purpose(one: Drafted, made: Draft) -> dict[str, Any]:
    notes = {"basis": one.basis.note, "data": one.data.note, "keep": one.keep.note, "article9": one.article9.note}
    return {
        "title": one.title,
        "from": [
            {"system": each.system, "declaration": each.declaration, "data_use": each.use} for each in one.origins
        ],
        "dpv": term(one.use),
        "basis": one.basis.said,
        "data": one.data.said,
        "period": one.keep.said or None,
        "use": list(one.kinds),
        "recipients": list(one.recipients),
        "article9": condition(one.article9),
        "companies": list(made.held_by(one)),
        "notes": {key: note for key, note in notes.items() if note},
        "remarks": list(one.remarks),
    }
