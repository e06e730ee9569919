"""A draft as the text of `group.yaml`: what was guessed or left out ends in `# fideslang:` and what to decide."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.declarations.categories import Categories, Tree
from ombud.datamap.declarations.draft import Draft
from ombud.datamap.declarations.purposes import Drafted, Origin, condition
from ombud.datamap.declarations.uses import term
from ombud.datamap.guess.quoting import clean, quoted, sentence
from ombud.policy.model import BasisKind

SAID = "# fideslang:"
"""How what fideslang says, or does not say, begins."""

NO_MOMENT = "from_which_moment"
NO_REGION = "in_which_region"
NO_AGREEMENT = "under_which_agreement"
"""Stand where a name belongs that fideslang does not say: nothing declares them, so `check` refuses them."""

UNSAID = "~"
"""Stands where a text belongs. YAML's nothing, written out, so that an error names this line and not the next."""


def written(draft: Draft, files: str) -> str:
    """The text of the group's file; `files` says what it was made from."""
    return "\n".join(line.rstrip() for line in _lines(draft, files)) + "\n"


def _lines(draft: Draft, files: str) -> Iterator[str]:
    yield f"# A draft, made from {sentence(files)}."
    yield f"# Each `{SAID}` says what was guessed or left out, and what to decide; `ombud check` lists what it refuses."
    yield "# Fideslang cannot say from which moment time is counted, where recipients are, and under which agreement."
    yield from _head(draft)
    yield (
        "categories:"
        if draft.categories.made_of
        else f"categories: {UNSAID}{_told('none was found: declare what is held')}"
    )
    yield from _tree(draft.categories.tree(), draft.categories, "", "  ")
    yield from _recipients(draft)
    yield "purposes:"
    for name, one in draft.purposes.items():
        yield from _purpose(name, one, draft.held_by(one))
    yield from _sources(draft)
    yield from (f"{SAID} {clean(each)}" for each in draft.remarks)


def _head(draft: Draft) -> Iterator[str]:
    if draft.group:
        yield f"group: {quoted(draft.group)}{_told('the name of the organization')}"
    else:
        yield f"group: {UNSAID}{_told('what the group is called, it does not say: write it')}"
    yield f"zone: {UNSAID}{_told('does not say it: write whose calendar days count, such as Europe/Stockholm')}"
    yield "companies:"
    for name, each in draft.companies.items():
        yield f"  {name}:{_told(f'organization {sentence(each.key)}')}"
        if each.unread:
            yield f"    {SAID} not read: {sentence(', '.join(each.unread))}: see organisation: and contact:"
        yield f"    name: {quoted(each.name)}" if each.name else f"    name: {UNSAID}{_told('does not say it')}"
        yield f"    registration_number: {UNSAID}{_told('does not say it: write what the register of companies has')}"


def _tree(tree: Tree, of: Categories, above: str, indent: str) -> Iterator[str]:
    for name, parts in sorted(tree.items()):
        path = f"{above}{name}"
        made = ", ".join(of.made_of.get(path, ()))
        yield f"{indent}{name}:{_told(sentence(made)) if made else ''}"
        if path in of.special:
            yield f"{indent}  special: true{_told(f'{sentence(of.special[path])} is one (Art. 9(1))')}"
        if parts:
            yield f"{indent}  parts:"
            yield from _tree(parts, of, f"{path}.", f"{indent}    ")


def _recipients(draft: Draft) -> Iterator[str]:
    if draft.recipients:
        yield "recipients:"
    for each in draft.recipients:
        yield f"  {each.name}:{_told(each.why)}"
        if each.title:
            yield f"    title: {{en: {quoted(each.title)}}}{_told('the language is a guess')}"
        yield f"    role: {each.role}{_told(each.of_role)}"
        agreement = "it does not say (Arts 26, 28): name it, and write it under agreements"
        yield f"    agreement: {NO_AGREEMENT}{_told(agreement)}"
        yield f"    regions: [{NO_REGION}]{_told('it does not say: name it, and write it under regions')}"


def _purpose(name: str, one: Drafted, companies: tuple[str, ...]) -> Iterator[str]:
    missing = "" if isinstance(one.data.said, tuple) else one.data.note
    yield f"  {name}:{_told(missing)}"
    yield from (f"    # from {_from(origin)}" for origin in one.origins)
    yield from (f"    {SAID} {clean(each)}" for each in one.remarks)
    if one.title:
        yield f"    title: {{en: {quoted(one.title)}}}{_told('the language is a guess')}"
    if dpv := term(one.use):
        yield f"    dpv: {dpv}"
    yield f"    basis: {one.basis.said}{_told(one.basis.note)}"
    if isinstance(one.data.said, tuple):
        yield f"    data: [{', '.join(one.data.said)}]{_told(one.data.note)}"
    if one.keep.said:
        yield f"    keep: {{after: {NO_MOMENT}, for: {one.keep.said}}}{_told(one.keep.note)}"
    elif one.basis.said is not BasisKind.NONE:
        yield f"    keep: unstated{_told(one.keep.note)}"
    if one.kinds:
        yield f"    use: [{', '.join(one.kinds)}]{_told(f'data_use {sentence(one.use)}')}"
    if one.recipients:
        yield f"    recipients: [{', '.join(one.recipients)}]"
    if found := condition(one.article9):
        yield f"    article9: {found}"
    elif one.article9.note:
        yield f"    {SAID} {clean(one.article9.note)}"
    if companies:
        yield f"    companies: [{', '.join(companies)}]"


def _from(origin: Origin) -> str:
    called = f' ("{sentence(origin.system_name)}")' if origin.system_name.strip() else ""
    declared = f'declaration "{origin.declaration}"' if origin.declaration else "a declaration"
    return f"{declared} of system {sentence(origin.system)}{called}, data_use {sentence(origin.use)}"


def _sources(draft: Draft) -> Iterator[str]:
    if draft.sources or draft.homeless:
        yield "# Which purposes belong to which source's map (spec/datamap.md, 2): by the datasets that systems name."
    for key, source in draft.sources.items():
        yield f"# {sentence(key)}:"
        others = dict.fromkeys(way for way in source.purposes.values() if way != "dataset_references")
        for way in others:
            some = ", ".join(name for name, by in source.purposes.items() if by == way)
            yield f"{SAID} by {way} alone, so see whether they are held there: {some}"
        yield f"#   purposes: [{', '.join(source.purposes)}]"
        if source.tables:
            yield "#   tables:"
        for table, names in source.tables.items():
            yield f"#     {quoted(sentence(table))}: {{purposes: [{', '.join(names)}]}}"
    if draft.homeless:
        yield f"{SAID} no dataset is named for {', '.join(draft.homeless)}: find out where they are held"


def _told(note: str) -> str:
    return f"  {SAID} {clean(note)}" if note else ""
