"""Somebody who answers a question with a code in a process of their own, as soon as they are told to.

`python -m tests.identity.answering FOLDER ADDRESS QUESTION CODE`: says that it is ready, waits for a line, answers, and
says whether the code opened something.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ombud.app.requests.contact import answer
from tests.identity.shop import Shop

ROOT = Path(__file__).parents[2]


def at_once(corner: Shop, question: str, codes: Sequence[str]) -> list[bool]:
    """Each of these codes from a process of its own, all at once: which of them opened something."""
    address = corner.environ.get("DATABASE_URL", "")
    words = [sys.executable, "-m", "tests.identity.answering", str(corner.folder), address, question]
    paths = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
    environ = {**os.environ, "PYTHONPATH": paths}
    every = [
        subprocess.Popen(
            [*words, code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT
        )
        for code in codes
    ]
    for each in every:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in every:
        assert each.stdin is not None
        each.stdin.write("now\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120)[0].strip() for each in every]
    assert all(each.returncode == 0 for each in every)
    return [each == "opened" for each in said]


def main(folder: str, address: str, question: str, code: str) -> None:
    corner = Shop(Path(folder), environ={"DATABASE_URL": address} if address else {})
    desk = corner.desk()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    opened = answer(desk, question, code)
    sys.stdout.write("opened\n" if opened is not None else "nothing\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
