"""One trial of a mutant: a fork in which one module is imported with its change, and nothing of ombud before it."""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import multiprocessing.connection
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg  # noqa: F401 – what every fork would import first
import pytest  # noqa: F401
import sqlalchemy as sa  # noqa: F401

FORK = multiprocessing.get_context("fork")


@dataclass
class _Running:
    process: Any
    answers: Connection
    since: float = field(default_factory=time.monotonic)


def tried(trials: Sequence[Callable[[], Any]], jobs: int, seconds: float) -> Iterator[tuple[int, Any]]:
    """What each trial answers, run in a fork of its own, as they end; an exception or death is answered by its words.

    Who has not answered in time is killed, and answers None.
    """
    waiting, running = list(enumerate(trials))[::-1], dict[int, _Running]()
    while waiting or running:
        while waiting and len(running) < jobs:
            n, trial = waiting.pop()
            running[n] = _started(trial)
        multiprocessing.connection.wait([each.answers for each in running.values()], timeout=1)
        for n, each in list(running.items()):
            late = time.monotonic() - each.since > seconds
            if not each.answers.poll() and not late:
                continue
            try:
                answer = each.answers.recv() if each.answers.poll() else None
            except EOFError:
                answer = "died"
            each.process.kill()
            each.process.join()
            each.answers.close()
            del running[n]
            yield n, answer


def _started(trial: Callable[[], Any]) -> _Running:
    mine, theirs = FORK.Pipe(duplex=False)

    def run() -> None:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            theirs.send(trial())
        except BaseException as error:  # an import that fails, or SystemExit out of the changed module
            theirs.send(type(error).__name__)
        theirs.close()
        os._exit(0)

    process = FORK.Process(target=run)
    process.start()
    theirs.close()
    return _Running(process, mine)


def changed(name: str, path: Path, source: str) -> None:
    """Import this module as changed, before anything else imports it."""
    assert not any(each.startswith("ombud") for each in sys.modules), "ombud is imported already"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None, f"{path} is a module"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(source, str(path), "exec"), module.__dict__)
    package, _, own = name.rpartition(".")
    setattr(importlib.import_module(package), own, module)
