"""A data map made of what models say beside their columns, in the map's own words (spec/datamap.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from io import StringIO
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from ombud.datamap.load import LONGEST
from ombud.policy.formatted import Left, formatted
from ombud.policy.tree import guess
from ombud.terms import Finding, Place

NOT_PERSONAL = "not personal"
"""What a model says that nobody's data is in, and what a column says that is nobody's."""


@dataclass(frozen=True)
class Refers:
    """Columns of a model that refer to another table's, as the model declares it."""

    columns: tuple[str, ...]
    to: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """One table as a model declares it.

    `said` is what the map is to say of the table, `NOT_PERSONAL`, or None where the model says nothing; `columns` what
    it is to say of each column that is annotated. Columns have their names in the database.
    """

    place: Place
    table: str
    key: tuple[str, ...]
    said: Mapping[str, Any] | str | None
    columns: Mapping[str, Any] = field(default_factory=dict)
    refers: tuple[Refers, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether neither the model nor a column of it says anything."""
        return self.said is None and not self.columns


class Unsaid(Exception):
    """No map can be made: these say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings


def datamap(source: Mapping[str, Any], models: Iterable[Model], made_from: str) -> str:
    """The text of a map. `source` is what stands outside the models: what begins a map, what tables of others' models
    hold (`tables`), and patterns of those that are nobody's (`not_personal`). Raises Unsaid.

    What a model does not say is not decided: a table that says nothing is refused, and a column that says nothing is
    left out, so that `check --live` asks for it.
    """
    models = list(models)
    if wrong := tuple(_misfits(source, models)):
        raise Unsaid(*wrong)
    every = sorted(_answered(source, models), key=lambda model: model.table)
    if wrong := tuple(_wrong(source, every)):
        raise Unsaid(*wrong)
    mapped = {model.table: model for model in every if model.said != NOT_PERSONAL}
    plain = [model.table for model in every if model.said == NOT_PERSONAL]
    said = CommentedMap(
        {key: _form(value, 1) for key, value in source.items() if key not in ("tables", "not_personal")}
    )
    said["tables"] = CommentedMap({name: _table(model, mapped, source) for name, model in mapped.items()})
    patterns = [*_listed(source.get("not_personal", ())), *plain]
    if patterns:
        said["not_personal"] = CommentedSeq(patterns)
    said.yaml_set_start_comment(f"Made from {made_from} by `ombud models`: change that, not this file.")
    for name in list(mapped)[1:]:
        said["tables"].yaml_set_comment_before_after_key(name, before="\n")
    stream = StringIO()
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 4096, True
    yaml.dump(said, stream)
    with suppress(Left):  # a name too odd for the form: the map says the same without it
        return formatted(stream.getvalue(), LONGEST)
    return stream.getvalue()


def _answered(source: Mapping[str, Any], models: Iterable[Model]) -> Iterator[Model]:
    """The models, each that says nothing itself with what is said of it, without those that patterns take out."""
    tables, patterns = source.get("tables", {}), _listed(source.get("not_personal", ()))
    for model in models:
        if not model.silent:
            yield model
        elif model.table in tables:
            yield replace(model, said=tables[model.table])
        elif not any(fnmatchcase(model.table, pattern) for pattern in patterns):
            yield model


def _misfits(source: Any, models: Sequence[Model]) -> Iterator[Finding]:
    """What is said in no form that a map could have, and what is said of tables that no model has."""
    place = models[0].place if models else Place("the models")
    if not isinstance(source, Mapping):
        yield Finding("M009", place, f"what stands outside the models is {source!r}", 'write {"source": "crm", …}')
        return
    tables = source.get("tables", {})
    said = [(place, f"outside the models, {key}", value, key) for key, value in source.items()]
    said += (
        [(place, f"tables.{name}", value, "") for name, value in tables.items()] if isinstance(tables, Mapping) else []
    )
    for model in models:
        own = model.said if isinstance(model.said, Mapping) else {}
        said += [(model.place, f"{model.table}, {key}", value, key) for key, value in own.items()]
        said += [(model.place, f"{model.table}.{name}", value, "") for name, value in model.columns.items()]
    for where, what, value, key in said:
        if key in _MAPS and not isinstance(value, Mapping):
            yield Finding(
                "M009", where, f"{what} is {_short(value)}", "write it as a map has it: names, and what of each"
            )
        elif (odd := _odd(value)) is not None:
            yield Finding(
                "M009", where, f"{what} holds {_short(odd)}, which no file can", "write texts, numbers, lists"
            )
    silent = {model.table: model for model in models}
    for name in tables if isinstance(tables, Mapping) else ():
        if name not in silent:
            yield Finding(
                "M009", place, f"tables says something of {name}, and no model is called so", guess(name, tuple(silent))
            )
        elif not silent[name].silent:
            hint = "say it there, or here alone"
            yield Finding("M009", silent[name].place, f"tables says something of {name}, and its model does too", hint)


_MAPS = frozenset({"tables", "subjects", "columns", "links", "moments", "kinds", "titles"})


def _odd(value: Any) -> Any:
    """The first part of a value that YAML cannot write; None if there is none."""
    if isinstance(value, Mapping):
        return next((odd for each in (*value, *value.values()) if (odd := _odd(each)) is not None), None)
    if isinstance(value, list | tuple | set | frozenset):
        return next((odd for each in value if (odd := _odd(each)) is not None), None)
    return None if value is None or isinstance(value, str | bool | int | float) else value


def _short(value: Any) -> str:
    return repr(value) if isinstance(value, str | bool | int | float) else f"a {type(value).__name__}"


def _wrong(source: Mapping[str, Any], models: Sequence[Model]) -> Iterator[Finding]:
    if not source.get("source"):
        place = models[0].place if models else Place("the models")
        hint = '{"source": "crm", …}, as the file of a map begins'
        yield Finding("M009", place, "the models do not say which source they are", hint)
    for one, other in pairwise(models):  # in the order of their tables
        if one.table == other.table:
            hint = "map their schemas as sources of their own"
            yield Finding("M009", other.place, f"another model's table is called {other.table} too", hint)
    for model in models:
        if model.silent:
            hint = f'say whose data it is, or that it is "{NOT_PERSONAL}"'
            yield Finding("M009", model.place, f"the model of {model.table} says nothing of persons", hint)
        elif isinstance(model.said, str) and model.said != NOT_PERSONAL:
            message = f"the model of {model.table} says {model.said!r}"
            yield Finding("M009", model.place, message, f'write what the map says of a table, or "{NOT_PERSONAL}"')
        elif model.said == NOT_PERSONAL and any(each != NOT_PERSONAL for each in model.columns.values()):
            personal = ", ".join(name for name, each in model.columns.items() if each != NOT_PERSONAL)
            message = f"the model of {model.table} is said not to be personal, and {personal} is"
            yield Finding("M009", model.place, message, "take one of them back")


def _table(model: Model, mapped: Mapping[str, Model], source: Mapping[str, Any]) -> CommentedMap:
    said = dict(model.said) if isinstance(model.said, Mapping) else {}
    found: dict[str, Any] = {}
    if model.key != tuple(_listed(source.get("key", "id"))) and "key" not in said:
        found["key"] = model.key[0] if len(model.key) == 1 else list(model.key)
    links = dict(_links(model, mapped, said.pop("links", {})))
    columns = {name: each for name, each in model.columns.items() if each != NOT_PERSONAL}
    columns |= said.pop("columns", {})
    plain = [name for name, each in model.columns.items() if each == NOT_PERSONAL]
    plain = [*_listed(said.pop("not_personal", ())), *plain]
    found |= {"owner": said.pop("owner")} if "owner" in said else {}
    found |= {"links": links} if links else {}
    found |= said
    found |= {"columns": columns} if columns else {}
    found |= {"not_personal": plain} if plain else {}
    return CommentedMap({key: _form(value, 2) for key, value in found.items()})


def _links(model: Model, mapped: Mapping[str, Model], said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The references to mapped tables, each with what the model says of it; then what it says of others."""
    named: set[str] = set()
    for each in model.refers:
        if each.to not in mapped:
            continue
        name = _called(each)
        if name in named:
            name = "_".join(each.columns)
        named.add(name)
        own = said.get(name, {})
        if not isinstance(own, Mapping):
            yield name, own
            continue
        target = {} if each.target == mapped[each.to].key else {"target": _one(each.target)}
        yield name, {"to": each.to, "by": _one(each.columns), **target, **own}
    yield from ((name, each) for name, each in said.items() if name not in named)


def _called(refers: Refers) -> str:
    return refers.columns[0].removesuffix("_id") or refers.columns[0]


def _one(columns: tuple[str, ...]) -> str | list[str]:
    return columns[0] if len(columns) == 1 else list(columns)


def _listed(said: Any) -> Sequence[str]:
    """One name, or several; those of a set in order, for a file is to be the same every time."""
    found = [said] if isinstance(said, str) else said
    return sorted(found) if isinstance(found, set | frozenset) else list(found)


def _form(value: Any, depth: int) -> Any:
    """What YAML can write. Maps that hold maps are written over several lines, the innermost on one."""
    if isinstance(value, Mapping):
        found = CommentedMap({str(key): _form(each, depth + 1) for key, each in value.items()})
        inner = any(isinstance(each, Mapping) for each in value.values())
        if not inner and (depth > 2 or (depth == 2 and len(value) < 3)):
            found.fa.set_flow_style()
        return found
    if isinstance(value, list | tuple | set | frozenset):
        ordered = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        items = CommentedSeq([_form(each, depth + 1) for each in ordered])
        items.fa.set_flow_style()
        return items
    # Names and members of enumerations are texts of a class of their own.
    return value if value is None or isinstance(value, bool | int | float) else str(value)
