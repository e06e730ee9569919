"""A draft as a map's text, each guess on a line of its own that ends in `# guess:`, how sure, and why."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ombud.datamap.guess.called import Called
from ombud.datamap.guess.columns import Guess
from ombud.datamap.guess.draft import Draft, TableDraft
from ombud.datamap.guess.generic import Generic
from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.links import Found
from ombud.datamap.guess.quoting import clean
from ombud.datamap.guess.quoting import name as _name
from ombud.datamap.guess.vocabulary import Vocabulary
from ombud.datamap.model import Encoding
from ombud.datamap.unconfirmed import GUESS

_ID = re.compile(r"_?(id|ID|Id)$")


MOST_PATHS = 40
"""Paths of a document that are asked about one by one; of one with more, the whole column is a cell."""

NONE, UNKNOWN = "none", "unknown"
UNSAID = 0.7
"""How sure it is that a key of a table which is left out, a time, or what a row is of, says nothing of a person."""

UNSURE = 0.3
"""How sure it is that an unknown path of a document holds something personal."""


def written(draft: Draft, vocabulary: Vocabulary, company: str = "", kept: Called | None = None) -> str:
    """The text of a map. What is no guess has no comment; `kept` is what an earlier map called the columns."""
    return "\n".join(_lines(draft, vocabulary, company, kept or Called())) + "\n"


def _lines(draft: Draft, vocabulary: Vocabulary, company: str, kept: Called) -> Iterator[str]:
    yield f"# A draft. Each line with `{GUESS}` waits for who knows this database: ombud discover --review FILE"
    yield "# What it cannot guess is for you to say: purposes, moments, and the company where there are several."
    yield f"source: {_name(draft.source)}"
    if company:
        yield f"company: {_name(company)}"
    usual = _usual(draft)
    yield from _times(draft, usual)
    yield from kept.lines(kept.of_file, "")
    named = _subjects(draft)
    if named:
        yield "subjects:"
    for table, (subject, sure, why) in named.items():
        made = draft.tables[table]
        ids = ", ".join(f"{kind}: {_name(column)}" for kind, column in made.identifiers.items())
        said = f", identifiers: {{{ids}}}" if ids else ""
        key = f", key: {_key(made.key)}" if made.key != ("id",) else ""
        yield f"  {_name(subject)}: {{table: {_name(table)}{key}{said}}}{_why(sure, why)}"
    if draft.tables:
        yield "tables:"
    for made in draft.tables.values():
        yield ""
        yield from _table(made, draft, named, vocabulary)
        yield from kept.lines(kept.of_table.get(made.name, {}), "    ")
    if draft.others:
        yield ""
        yield "not_personal:"
        for name, (sure, why) in draft.others.items():
            yield f"  - {_name(name)}{_why(sure, why)}"
    for name, why in draft.unread.items():
        yield f"# {clean(name)} could not be read: {clean(why)}"


def _usual(draft: Draft) -> Encoding | None:
    """How most rows' making is written."""
    said = Counter(t.times[t.born] for t in draft.tables.values() if t.born)
    return said.most_common(1)[0][0] if said else None


def _times(draft: Draft, usual: Encoding | None) -> Iterator[str]:
    if usual is None:
        return
    other = {(t.name, c): e for t in draft.tables.values() for c, e in t.times.items() if e is not usual}
    yield "times:"
    yield f"  encoding: {usual.value}{_why(0.9, 'so most rows say when they were made')}"
    yield f"  zone: UTC{_why(0.6, 'most applications write UTC')}"
    if other:
        yield "  columns:"
        for (table, column), encoding in other.items():
            yield f"    {_name(f'{table}.{column}')}: {encoding.value}{_why(0.9, 'by its type, or its values')}"


def _subjects(draft: Draft) -> dict[str, tuple[str, float, str]]:
    """By table, the subject's name, how sure, and why."""
    return {name: (name, *made.subject) for name, made in draft.tables.items() if made.subject}


def _table(made: TableDraft, draft: Draft, subjects: Mapping[str, object], vocabulary: Vocabulary) -> Iterator[str]:
    yield f"  {_name(made.name)}:"
    if made.key != ("id",):
        yield f"    key: {_key(made.key)}"
    named = dict(_named(made, draft))
    generic = {_several(each, named): each for each in made.by_type if _mapped(each, draft)}
    yield from _owner(made, named, generic)
    if named or generic:
        yield "    links:"
    for name, link in named.items():
        whose = made.either and made.way is not None and link == made.way.links[0]
        none = f", if_none: {NONE if whose else UNKNOWN}" if link.nullable or link.absent else ""
        none += f", absent: {json.dumps(link.absent)}" if link.absent else ""
        target = "" if link.target == draft.tables[link.to].key else f", target: {_key(link.target)}"
        why = "" if link.certainty == 1 else _why(link.certainty, link.reason)
        yield f"      {_name(name)}: {{to: {_name(link.to)}, by: {_key(link.columns)}{target}{none}}}{why}"
    for name, each in generic.items():
        yield from _generic(name, each, draft)
    for each in made.by_type:
        if each not in generic.values():
            why = "say which tables: {by, type, to: {value: table}, rest: unknown}"
            yield f"    {GUESS} 0.80 {each.by_type.type} says in which table {each.by_type.id} is a key; {why}"
    if made.history_of:
        yield f"    {GUESS} 0.70 earlier states of {made.history_of}: say copy_of, or follows"
    yield f"    born: {_name(made.born)}{_why(0.8, 'by its name')}" if made.born else "    born: unknown"
    yield from _columns(made, vocabulary)
    yield from _key_values(made, vocabulary)
    left = {c: made.rest[c].certainty if c in made.rest else UNSAID for c in _left(made, named)}
    if left:
        yield f"    not_personal:{_why(min(left.values()), 'nothing personal was seen in these')}"
        for column in left:
            yield f"      - {_name(column)}"


def _mapped(each: Generic, draft: Draft) -> dict[object, str]:
    """The mapped tables that a link to several leads to, by the value that means each."""
    return {value: table for value, table in each.to.items() if table in draft.tables}


def _several(each: Generic, named: Mapping[str, Found]) -> str:
    name = _ID.sub("", each.by_type.id) or each.by_type.id
    return f"{name}_{each.by_type.type}" if name in named else name


def _generic(name: str, each: Generic, draft: Draft) -> Iterator[str]:
    """A link to several tables: of a left-out table a row is nobody's, of one that was not found or seen anybody's."""
    of, mapped = each.by_type, _mapped(each, draft)
    to = ", ".join(
        f"{value if isinstance(value, int) else _name(str(value))}: {_name(table)}" for value, table in mapped.items()
    )
    others = len(each.to) > len(mapped) and not each.open
    rest = "nobody" if others else UNKNOWN
    why = [f"{value} is {each.meant[value]}" for value in mapped if value in each.meant]
    why += [f"keys are found there as {of.type} says"] if each.certainty > UNSAID else ["by what the tables are called"]
    why += [f"no table for {', '.join(map(str, each.open[:3]))}{' …' * (len(each.open) > 3)}"] if each.open else []
    why += ["what else was seen is of tables that are left out"] if others else []
    none = f", if_none: {UNKNOWN}" if each.nullable else ""
    yield (
        f"      {_name(name)}: {{by: {_name(of.id)}, type: {_name(of.type)}, to: {{{to}}}, rest: {rest}{none}}}"
        f"{_why(each.certainty, '; '.join(why))}"
    )


def _left(made: TableDraft, named: Mapping[str, Found]) -> Iterator[str]:
    """The columns that the draft says nothing else of: a map says something of each."""
    said = {*made.key, made.born, *made.holds}
    said |= {column for each in made.by_type if each.to for column in (each.by_type.type, each.by_type.id)}
    said |= {made.key_values.key, made.key_values.value} if made.key_values else set()
    said |= {column for link in named.values() for column in link.columns}
    yield from (column for column in made.columns if column not in said)


def _owner(made: TableDraft, named: Mapping[str, Found], generic: Mapping[str, Generic]) -> Iterator[str]:
    if made.subject:
        yield f"    owner: {_name(made.name)}"
        return
    said, sure, why = list[str](), 1.0, list[str]()
    if made.leads and made.way:
        step = made.way.links[0]
        if step.table == made.name:
            said.append(_name(next(name for name, link in named.items() if link == step)))
        else:
            said.append(f"{{each: {_name(f'{step.table}.{_called(step)}')}, if_none: unknown}}")
        sure, why = made.way.certainty, [f"leads to {' → '.join(link.to for link in made.way.links)}"]
    if made.by_identifier:
        kind, column = made.by_identifier
        said.append(f"{{identifier: {kind}, in: {_name(column)}, if_none: {NONE if made.either else UNKNOWN}}}")
        sure, why = min(sure, 0.7), [*why, f"{column} says who it is"]
        why += ["every row that was seen has one of them"] if made.either else []
    if said:
        owner = said[0] if len(said) == 1 else f"[{', '.join(said)}]"
        yield f"    owner: {owner}{_why(sure, '; '.join(why))}"
    elif generic:
        yield f"    owner: {_name(next(iter(generic)))}{_why(0.5, 'what it points at says whom it is about')}"
    elif made.inside:
        yield f"    owner: nobody{_why(0.3, f'whom it is about may stand in {made.inside}')}"


def _named(made: TableDraft, draft: Draft) -> Iterator[tuple[str, Found]]:
    """The links to mapped tables under names of their own."""
    taken: set[str] = set()
    for link in made.links:
        if link.to not in draft.tables:
            continue
        name = _called(link)
        while name in taken:
            name += "_"
        taken.add(name)
        yield name, link


def _called(link: Found) -> str:
    return _ID.sub("", link.columns[0]) or link.columns[0]


def _columns(made: TableDraft, vocabulary: Vocabulary) -> Iterator[str]:
    if made.holds:
        yield "    columns:"
    for column, guess in made.holds.items():
        concept = guess.concept
        if concept is None:
            continue
        paths = made.paths.get(column, {})
        if not any(each.concept for each in paths.values()) or len(paths) > MOST_PATHS:
            yield f"      {_name(column)}: {vocabulary.category(concept)}{_why_of(guess)}"
            continue
        yield f"      {_name(column)}:"
        yield "        json:"
        for path, each in paths.items():
            # What no path names is not personal: who asks about too much misses nothing.
            why = _why_of(each) if each.concept else _why(UNSURE, "in a document that is about a person")
            yield f"          {_name(path)}: {vocabulary.category(each.concept or Concept.OTHER)}{why}"


def _key_values(made: TableDraft, vocabulary: Vocabulary) -> Iterator[str]:
    found = made.key_values
    if found is None:
        return
    yield "    key_values:"
    yield f"      key: {_name(found.key)}"
    yield f"      value: {_name(found.value)}{_why(0.8, 'a value under a key in each row')}"
    yield "      keys:"
    for key, guess in found.keys.items():
        if guess.concept is not None:
            yield f"        {_name(key)}: {vocabulary.category(guess.concept)}{_why_of(guess)}"
    plain = [(key, guess) for key, guess in found.keys.items() if guess.concept is None]
    if plain:
        yield "      not_personal:"
        for key, guess in plain:
            yield f"        - {_name(key)}{_why_of(guess)}"


def _why_of(guess: Guess) -> str:
    return _why(guess.certainty, guess.reason)


def _why(sure: float, reason: str) -> str:
    return f"  {GUESS} {sure:.2f} {clean(reason)}"


def _key(columns: Iterable[str]) -> str:
    names = [_name(column) for column in columns]
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
