"""Models of Django that say beside their fields what a data map says of them.

    class Customer(models.Model):
        email = personal(models.EmailField(), "contact.email")
        created = models.DateField()

        class Ombud:
            owner = "customer"
            born = "created"
            purposes = {"delivery": "all"}

What stands outside the models is `OMBUD` in the settings: `source`, `company`, `times`, `subjects`; `tables` for models
of other packages, and `not_personal` patterns for those that nobody's data is in. `Ombud = "not personal"` says that of
one model, and `personal(field, "not personal")` of a field. On a many-to-many field it says it of the table between.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from ombud.integrations.declared import Model, Refers, datamap
from ombud.terms import Place

_Field = TypeVar("_Field")

MARK = "_ombud"


def personal(field: _Field, said: Any) -> _Field:
    """The same field, with what the map says of its column: a category, the long form, or "not personal"."""
    setattr(field, MARK, said)
    return field


def map_of(settings: str) -> str:
    """The text of the data map of every model of a Django project, by its settings' module. Raises Unsaid."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django
    from django.conf import settings as known

    django.setup()
    return datamap(getattr(known, "OMBUD", {}), models(), settings)


def models() -> Iterator[Model]:
    """Every model of the installed applications that has a table of its own, those between two others too."""
    from django.apps import apps

    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.proxy:
            continue
        columns = list(meta.local_concrete_fields)
        found = Model(
            _place(model),
            meta.db_table,
            tuple(field.column for field in columns if field.primary_key),
            _between(model) if meta.auto_created else _said(_own(model)),
            {field.column: getattr(field, MARK) for field in columns if hasattr(field, MARK)},
            tuple(_refers(columns)),
        )
        if meta.managed or not found.silent:  # what Django does not make may be no table
            yield found


def _own(model: Any) -> Any:
    """`Ombud` of the model, or of what it inherits from that has no table of its own."""
    tabled = (each for each in model.__mro__ if each is model or not _has_table(each))
    return next((vars(each)["Ombud"] for each in tabled if "Ombud" in vars(each)), None)


def _has_table(each: Any) -> bool:
    return hasattr(each, "_meta") and not each._meta.abstract


def _said(ombud: Any) -> Mapping[str, Any] | str | None:
    if isinstance(ombud, type):
        lines = [vars(each) for each in reversed(ombud.__mro__) if each is not object]
        return {name: value for line in lines for name, value in line.items() if not name.startswith("_")}
    said: Mapping[str, Any] | str | None = ombud
    return said


def _between(model: Any) -> Any:
    """What the many-to-many field says of the table that Django makes for it."""
    fields = model._meta.auto_created._meta.local_many_to_many
    return next((getattr(f, MARK, None) for f in fields if f.remote_field.through is model), None)


def _refers(fields: list[Any]) -> Iterator[Refers]:
    for field in fields:
        if field.remote_field is not None:
            to = field.target_field
            yield Refers((field.column,), to.model._meta.db_table, (to.column,))


def _place(model: type[Any]) -> Place:
    try:
        return Place(inspect.getsourcefile(model) or model.__module__, inspect.getsourcelines(model)[1])
    except (OSError, TypeError):
        return Place(f"{model.__module__}.{model.__qualname__}")
