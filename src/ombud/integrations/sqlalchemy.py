"""Models of SQLAlchemy that say beside their columns what a data map says of them.

    class Base(DeclarativeBase):
        __ombud__ = {"source": "shop", "company": "north", "times": {"encoding": "date"},
                     "subjects": {"customer": {"table": "customer", "identifiers": {"email": "email"}}}}

    class Customer(Base):
        __tablename__ = "customer"
        __ombud__ = {"owner": "customer", "born": "created", "purposes": {"delivery": "all"}}
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str] = mapped_column(info={"ombud": "contact.email"})
        created: Mapped[date]

A table without a class says it in its own `info`. Nobody's is `"not personal"`, a table and a column.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapper, registry

from ombud.integrations.declared import Model, Refers, datamap
from ombud.terms import Place

SAID = "__ombud__"
INFO = "ombud"


def map_of(base: type[Any] | sa.MetaData, made_from: str = "") -> str:
    """The text of the data map of every table that a declarative base, or some metadata, knows. Raises Unsaid."""
    source = base.info.get(INFO, {}) if isinstance(base, sa.MetaData) else vars(base).get(SAID, {})
    return datamap(source, models(base), made_from or getattr(base, "__module__", "") or "the models")


def models(base: type[Any] | sa.MetaData) -> Iterator[Model]:
    """Every table, with what its class says, or the table itself."""
    metadata: sa.MetaData = base if isinstance(base, sa.MetaData) else base.metadata
    classes = {} if isinstance(base, sa.MetaData) else dict(_classes(base.registry))
    for table in metadata.tables.values():
        mapped = classes.get(table)
        said = _said(mapped) if mapped is not None else None
        yield Model(
            _place(mapped) if mapped is not None else Place(f"the table {table.fullname}"),
            str(table.name),
            tuple(str(column.name) for column in table.primary_key.columns),
            said if said is not None else table.info.get(INFO),
            {str(column.name): column.info[INFO] for column in table.columns if INFO in column.info},
            tuple(_refers(table)),
        )


def _classes(of: registry) -> Iterator[tuple[sa.FromClause, type[Any]]]:
    """By table, the class that is first in its line: classes that share a table are said by it."""
    mappers: list[Mapper[Any]] = sorted(
        of.mappers, key=lambda mapper: len(list(mapper.iterate_to_root())), reverse=True
    )
    for mapper in mappers:
        yield mapper.local_table, mapper.class_


def _said(mapped: type[Any]) -> Any:
    """What the class says, or what it inherits from that has no table of its own; not its base, which is the source."""
    lines = (each for each in mapped.__mro__ if each is mapped or not hasattr(each, "__table__"))
    own = (each for each in lines if not (DeclarativeBase in each.__bases__ or "registry" in vars(each)))
    return next((vars(each)[SAID] for each in own if SAID in vars(each)), None)


def _refers(table: sa.Table) -> Iterator[Refers]:
    constraints = sorted(table.foreign_key_constraints, key=lambda each: [str(name) for name in each.column_keys])
    for each in constraints:
        columns = tuple(str(element.parent.name) for element in each.elements)
        target = tuple(str(element.column.name) for element in each.elements)
        yield Refers(columns, str(each.referred_table.name), target)


def _place(mapped: type[Any]) -> Place:
    """Where a class stands; its name where its source is not there."""
    try:
        return Place(inspect.getsourcefile(mapped) or mapped.__module__, inspect.getsourcelines(mapped)[1])
    except (OSError, TypeError):
        return Place(f"{mapped.__module__}.{mapped.__qualname__}")
