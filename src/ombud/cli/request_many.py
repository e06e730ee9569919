"""`ombud request KIND --file` and `ombud request batch`: many people's requests at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ombud.cli.command import Session, options
from ombud.cli.request_identity import SIGN

if TYPE_CHECKING:
    from ombud.app.requests.bulk.order import BatchWorked, Order, Waiting
    from ombud.app.requests.desk import Desk
    from ombud.register.model import Batch

Option = Callable[[Callable[..., int]], Callable[..., int]]

FORMS = ("json", "csv", "pdf")

BATCHING: tuple[Option, ...] = (
    click.option("--approve", is_flag=True, help="You approve that it is done; from 100 people in a file on, two do."),
    click.option("--choose", "choices", multiple=True, metavar="P=ends:WHY",
                 help="Of everybody, purpose P ends, or stays; repeat."),
    click.option("--allow", is_flag=True, help="More than the project's share of a table may be touched."),
    click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
                 help="Write the answers there, to be handed over; else they are kept sealed."),
    click.option("--sent", default="", metavar="TEXT", help="In which way the answers in --out go to the persons."),
    click.option("--write", "forms", type=click.Choice(FORMS), multiple=True,
                 help="Only this form of what is held; repeat. All otherwise."),
)  # fmt: skip
"""What is said of a batch whenever it is taken on."""

FILING: tuple[Option, ...] = (
    click.option("--file", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="CSV",
                 help="Many people, one a line, instead of --subject; - for standard input."),
    click.option("--skip-wrong", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                 help="Write lines that are wrong there, and go on without them."),
    *BATCHING,
)  # fmt: skip
"""What is said of a file as it comes in."""


def _batching(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed(BATCHING):
        command = option(command)
    return command


@click.command("batch")
@options
@click.argument("id", metavar="[ID]", required=False)
@click.option("--by", type=SIGN, envvar="OMBUD_BY", metavar="SIGN", help="Who does this, by their sign; or OMBUD_BY.")
@_batching
def batch(session: Session, id: str | None, by: str | None, **said: Any) -> int:
    """Go on with many people's requests of one file, or list such batches.

    Everybody is taken as far as the rules and your choices go. Where one needs a person, that one waits, and is
    listed by its line. After an interruption, run it again: nothing is done twice.

    \b
    Examples:
      ombud request batch
      ombud request batch 3f09ac21d7b4 --approve --by AO
      ombud request batch 3f09ac21d7b4 --out letters --sent "post to the registered address" --by KL
    """
    from ombud.app.requests.desk import open_desk, told

    desk = open_desk(session.loaded())
    if id is None:
        with told():
            found = [(each, desk.store.states_of(each.id)) for each in desk.store.batches()]
        return _show_batches(session, found)
    if not by:
        raise click.UsageError("Missing option '--by'.")
    with told():
        known = desk.store.batch(id)
    if not known.whole:
        message = f"Its file was taken in as far as line {known.lines}: give the file again, --file."
        raise click.UsageError(message)
    return _take_on(session, desk, known, by, said)


def take_file(session: Session, kind: str, said: Mapping[str, Any]) -> int:
    """Take a file in as a batch, and take it on."""
    from ombud.app.requests.bulk.taking_in import Filed, take_in
    from ombud.app.requests.desk import Asked, open_desk
    from ombud.app.requests.receiving import Incoming
    from ombud.cli.request_identity import shown
    from ombud.rights.model import RequestKind

    if not said["proof"]:
        raise click.UsageError("--file takes --proof: it must be known who they are.")
    if said["protected"]:
        raise click.UsageError("--protected is said of one person: --subject.")
    _order(said, said["by"])
    desk = open_desk(session.loaded())
    incoming = Incoming(
        RequestKind(kind),
        Asked((), (), said.get("words", ""), said["address"], said["way"]),
        said["received"],
        said["company"],
        said.get("purposes", ()),
        said["language"],
        said.get("ground", ""),
    )
    filed = Filed(incoming, shown(said["proof"], said["how"], said["by"], said["second"]), said["by"])
    with _telling(session) as tell, _opened(said["file"]) as source:
        taken = take_in(desk, source, str(said["file"]), filed, said["skip_wrong"], tell)
    say = session.speaker
    if taken.fresh:
        say.line(f"{taken.fresh:,} requests were taken in as batch ", (taken.batch.id, "bold"), ".")
    else:
        say.line("This file was taken in before, as batch ", (taken.batch.id, "bold"), ": it goes on.")
    if taken.left_out:
        say.line(f"{taken.left_out:,} lines are wrong, and were written to ", said["skip_wrong"], ".")
    more = {"taken_in": taken.fresh, "left_out": taken.left_out}
    return _take_on(session, desk, taken.batch, said["by"], said, more)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    with path.open("rb") as source:
        yield source


def _order(said: Mapping[str, Any], by: str) -> Order:
    from ombud.app.requests.bulk.order import Order
    from ombud.cli.request_desk import choice_of

    if (said["out"] is None) != (not said["sent"].strip()):
        raise click.UsageError("--out and --sent go together: where the answers are written, and how they go.")
    forms = frozenset(said["forms"] or FORMS)
    choices = tuple(map(choice_of, said["choices"]))
    return Order(by, choices, said["allow"], said["out"], said["sent"], forms, approving=said["approve"])


@contextmanager
def _telling(session: Session) -> Iterator[Callable[[str, int, int], None]]:
    """A bar that says what is being done."""
    with session.speaker.progress() as bar:
        task = bar.add_task("", total=None)
        yield lambda doing, done, of: bar.update(task, description=doing, completed=done, total=of or None)


def _take_on(
    session: Session, desk: Desk, known: Batch, by: str, said: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> int:
    from ombud.app.requests.bulk.approving import approve, check_choices
    from ombud.app.requests.bulk.working import work_batch

    order = _order(said, by)
    if said["approve"]:
        check_choices(desk, order.choices)
        approve(desk, known, order.choices, by)
    with _telling(session) as tell:
        worked = work_batch(desk, known.id, order, tell)
    return _show(session, worked, more or {})


# --- in words, and as data ----------------------------------------------------------------------------------------


def _show_batches(session: Session, found: Sequence[tuple[Batch, Mapping[Any, int]]]) -> int:
    say = session.speaker
    if not found:
        say.line("There is no batch.")
    else:
        rows = [
            (each.id, each.kind.value, f"{each.made:%Y-%m-%d}", each.by, f"{sum(states.values()):,}", _said(states))
            for each, states in found
        ]
        say.table(("batch", "asks", "came in", "by", "people", "states"), rows, right=(4,), whole=range(4))
    say.answer({"batches": [_told(each, states) for each, states in found]})
    return 0


def _show(session: Session, worked: BatchWorked, more: Mapping[str, Any]) -> int:
    from ombud.app.words import count

    say = session.speaker
    say.findings(worked.findings)
    many = sum(worked.states.values())
    of = f"  {worked.batch.kind} of {count(many, 'person', 'people')}: "
    say.line((worked.batch.id, "bold"), of, _said(worked.states))
    for source, each in worked.done.items():
        gone = sum(table.deleted for table in each.tables.values())
        cells = sum(sum(table.blanked.values()) for table in each.tables.values())
        if gone or cells:
            say.line(f"{source}: {count(gone, 'row')} deleted, {count(cells, 'cell')} blanked.", indent=2)
    if worked.unaddressed:
        hint = "write it on the envelope, or say it in the file's columns address, address 2, …"
        say.line((f"{count(worked.unaddressed, 'letter')} without an address: ", "yellow"), hint, indent=2)
    if worked.waiting:
        say.line((f"{len(worked.waiting):,} wait", "yellow"), ": see each with ombud request show ID.", indent=2)
        rows = [(str(each.line), each.request, _words(each.state), _what(each)) for each in worked.waiting[:20]]
        say.table(("line", "request", "waits in", ""), rows, right=(0,), whole=range(4))
        if len(worked.waiting) > len(rows):
            say.line(f"… and {len(worked.waiting) - len(rows):,} more: --format json", indent=2)
    waiting = [
        {
            "line": each.line,
            "id": each.request,
            "state": each.state.value,
            "protected": each.protected,
            "choose": list(each.choose),
        }
        for each in worked.waiting
    ]
    done = {
        source: {
            "deleted": {name: table.deleted for name, table in each.tables.items() if table.deleted},
            "blanked": {n: sum(t.blanked.values()) for n, t in each.tables.items() if any(t.blanked.values())},
            "complete": each.complete,
        }
        for source, each in worked.done.items()
    }
    told = _told(worked.batch, worked.states) | {"waiting": waiting, "done": done, **more}
    told |= {"answers": worked.answers, "unaddressed": worked.unaddressed}
    say.answer(told | {"findings": say.told(worked.findings)})
    return 1 if worked.findings else 0


def _told(known: Batch, states: Mapping[Any, int]) -> dict[str, Any]:
    return {
        "batch": known.id,
        "kind": known.kind.value,
        "made": known.made.isoformat(),
        "by": known.by,
        "states": {state.value: many for state, many in states.items()},
    }


def _said(states: Mapping[Any, int]) -> str:
    return ", ".join(f"{many:,} {_words(state)}" for state, many in states.items()) or "none"


def _what(waiting: Waiting) -> str:
    return "protected" if waiting.protected else f"choose {', '.join(waiting.choose)}" if waiting.choose else ""


def _words(state: object) -> str:
    return str(state).replace("_", " ")
