"""A row through Tryton's own models, and the clock that all of them go by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trytond.config import config

_now = datetime(2019, 1, 7, 8, tzinfo=UTC)
_pool: Any = None


def at(when: datetime) -> None:
    """From here on it is `when`: what every model takes for now."""
    global _now
    _now = when


def plain(when: datetime) -> datetime:
    """`when` as Tryton stores it: in UTC, without saying so."""
    return when.replace(tzinfo=None, microsecond=0)


@contextmanager
def filling(folder: Path) -> Iterator[None]:
    """One transaction on `folder`/tryton.sqlite, whose clock stands where `at` puts it."""
    global _pool
    config.update_etc(str(folder / "trytond.conf"))
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    Pool.start()
    _pool = Pool("tryton")
    _pool.init()
    model("ir.date").today = staticmethod(lambda timezone=None: _now.date())
    tables = [each._table for _, each in _pool.iterobject() if hasattr(each, "_table")]
    with Transaction().start("tryton", 1, _lock_tables=tables) as transaction:
        transaction.connection.create_function("NOW", 0, lambda: plain(_now).isoformat(" "))
        yield


@contextmanager
def acting(user: Any, company: Any) -> Iterator[None]:
    """What is done here `user` does, for `company`."""
    from trytond.transaction import Transaction

    with Transaction().set_user(user.id), Transaction().set_context(company=company.id):
        yield


def model(name: str, kind: str = "model") -> Any:
    """A model, or a wizard, of Tryton's by its name."""
    return _pool.get(name, type=kind)


def made(name: str, /, **values: object) -> Any:
    """A new row of the model `name`."""
    row = model(name)(**values)
    row.save()
    return row


def found(name: str, *clauses: tuple[str, str, object]) -> Any:
    """The first row of the model `name` that meets every clause."""
    return model(name).search(list(clauses), limit=1)[0]


def shipped(module: str, name: str) -> Any:
    """The row that `module` ships under `name`."""
    data = found("ir.model.data", ("module", "=", module), ("fs_id", "=", name))
    return model(data.model)(data.db_id)
