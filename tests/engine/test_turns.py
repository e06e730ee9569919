"""A hold that is set while a file is swept waits for a batch, and not for all of them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Thread

from ombud.engine.turns import PAUSE, Turns
from ombud.terms import Act
from tests.engine.warehouse import Warehouse

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_hold_set_while_a_file_is_swept_gets_its_turn(on_sqlite: Warehouse) -> None:
    keys = range(40)
    on_sqlite.with_customers(*keys)
    on_sqlite.plan()
    seconds = iter(range(1_000))
    turns = Turns(lambda: NOON + timedelta(seconds=next(seconds)), time.sleep)
    holding = Thread(target=lambda: on_sqlite.mark(Act.HELD, *keys))

    def between(_: str, done: int, __: int) -> None:
        if done == 1:
            holding.start()
        turns.give()

    on_sqlite.apply(batch_size=1, progress=between)
    holding.join()
    assert len(on_sqlite.keys("customer")) > 30


def test_a_pause_is_made_only_after_a_second_of_work() -> None:
    instants = iter((0.0, 0.4, 0.9, 1.0, 1.2, 1.5, 2.3, 2.3))
    paused: list[float] = []
    turns = Turns(lambda: NOON + timedelta(seconds=next(instants)), paused.append)
    for _ in range(3):
        turns.give()
    assert paused == [PAUSE]
    for _ in range(2):
        turns.give()
    assert paused == [PAUSE, PAUSE]
