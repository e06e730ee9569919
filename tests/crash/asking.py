"""A process that takes requests on, and is killed at a moment it is told: before a statement, or around a commit, of a
source, of the register of requests, or of the marks.

python -m tests.crash.asking, which reads lines of JSON: the project's directory, its environment, the request's number
and the moment (0: none). For each a child is forked, so that what is imported is imported once; its line says how the
child ended, and at which moments it wrote.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from ombud.adapters.register import Register
from ombud.app import sources
from ombud.app.loaded import Surroundings, load
from ombud.app.requests import answering
from ombud.app.requests.desk import Desk, open_desk
from ombud.app.requests.working import work
from tests.cli.conftest import NOW
from tests.crash.scene import Moments


def as_composed(body: object) -> bytes:
    """Of a letter, what would be set in type."""
    return repr(body).encode()


def desk_of(directory: Path, environ: Mapping[str, str]) -> Desk:
    """The desk of a project."""
    loaded, findings = load(directory, Surroundings(dict(environ), lambda: NOW, os.urandom))
    assert loaded is not None, findings
    return open_desk(loaded)


def watched(moments: Moments) -> None:
    """Have everything that is written pass the moments."""
    there: Any = sources
    connect, add_all = there.connect, Register.add_all

    def connected(*words: Any, **more: Any) -> sa.Engine:
        engine: sa.Engine = connect(*words, **more)
        moments.listen(engine)
        return engine

    def added(self: Register, *words: Any) -> Any:
        moments.passing("INSERT")
        kept = add_all(self, *words)
        moments.landed()
        return kept

    there.connect = connected
    Register.add_all = added  # type: ignore[method-assign, assignment]
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    commit, execute = BaseDatabaseWrapper._commit, CursorWrapper._execute

    def committed(self: Any) -> Any:
        moments.passing()
        done = commit(self)
        moments.landed()
        return done

    def executed(self: Any, sql: str, *words: Any) -> Any:
        moments.passing(sql)
        return execute(self, sql, *words)

    BaseDatabaseWrapper._commit = committed
    CursorWrapper._execute = executed


def main() -> None:
    letters: Any = answering
    letters.render = as_composed
    for line in sys.stdin:
        directory, environ, id, moment = json.loads(line)
        told, says = os.pipe()
        child = os.fork()
        if child == 0:
            written = _work(Path(directory), environ, id, moment)
            os.write(says, json.dumps(written).encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        os.close(says)
        written = json.loads(os.read(told, 60_000) or "[]")
        os.close(told)
        print(json.dumps([os.waitstatus_to_exitcode(status), written]), flush=True)


def _work(directory: Path, environ: Mapping[str, str], id: str, moment: int) -> list[int]:
    moments = Moments(lambda passed: os.kill(os.getpid(), signal.SIGKILL) if passed == moment else None)
    desk = desk_of(directory, environ)
    watched(moments)
    work(desk, id, by="KL")
    return [*moments.written, moments.passed]


@dataclass
class Worker:
    """Such a process, from without."""

    process: subprocess.Popen[str]

    def works(self, directory: Path, environ: Mapping[str, str], id: str, moment: int = 0) -> list[int]:
        """Take a request on; the moments at which something was written, and the last, none if it was killed."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([str(directory), dict(environ), id, moment]) + "\n")
        stdin.flush()
        ended, written = json.loads(_line(stdout))
        assert ended == (-signal.SIGKILL if moment and not written else 0)
        return list(map(int, written))


def _line(stdout: IO[str]) -> str:
    line = stdout.readline()
    assert line, "the process is gone"
    return line


@contextmanager
def worker() -> Iterator[Worker]:
    """One that lives as long as the block."""
    command = [sys.executable, "-m", "tests.crash.asking"]
    environ = {**os.environ, "PYTHONPATH": "src:."}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], env=environ, stdin=pipe, stdout=pipe, text=True
    ) as process:
        yield Worker(process)
        process.communicate(timeout=60)


if __name__ == "__main__":
    main()
