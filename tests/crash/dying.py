"""A process of its own that applies the plan of a generated case, and is killed at a moment it is told.

python -m tests.crash.dying CASE URL BATCH_SIZE MOMENT
"""

from __future__ import annotations

import os
import signal
import sys

import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.engine.sweep import Sweep
from tests.crash.scene import SOURCE, Moments
from tests.differential.worlds import case, digest


def main(number: str, url: str, batch_size: str, moment: str) -> None:
    drawn = case(int(number), sa.make_url(url).get_backend_name())
    engine = connect(url)
    Moments(lambda passed: os.kill(os.getpid(), signal.SIGKILL) if passed == int(moment) else None).listen(engine)
    with engine.connect() as connection:
        schema = reflect(connection)
        connection.rollback()
        wanted = (drawn.policy, drawn.datamap.sources[SOURCE], schema, drawn.days[0], digest)
        Sweep(connection, *wanted, plan="p", batch_size=int(batch_size)).apply()


if __name__ == "__main__":
    main(*sys.argv[1:])
