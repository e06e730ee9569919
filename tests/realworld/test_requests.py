"""Real applications' databases: a whole request, from its receipt to the letter, is judged by what a lawyer read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.app.naming import written_key
from ombud.datamap.schema import Schema
from ombud.rights.model import RequestKind, State
from tests.office import Office, rows, words
from tests.realworld import test_erasure as alone
from tests.realworld.truth import BLOG, TICKETING, Application, Entry, Rows, Story, read_entry, snapshot

HERE = Path(__file__).parent
TODAY = date(2026, 12, 1)
STORES = {TICKETING.name: "media", BLOG.name: "uploads"}

BY_WORDS_ALONE = ("text only", "serialized PHP")
"""How the truth calls what others wrote of her: found by no rule, told to nobody, for a person to change."""

ENDS = {
    TICKETING.name: {"participation": "ends", "account": "ends", "correspondence": "ends"},
    BLOG.name: {"account": "ends", "discussion": "ends", "enquiries": "ends", "editorial": "stays"},
}
"""What the office decides, as the truth assumes: the relationship is over, and nothing else is needed."""


@dataclass(frozen=True)
class Asked:
    """Her two requests to one application: what she was told, and what became of her rows."""

    of: Application
    office: Office
    truth: Mapping[str, Any]
    concerns: tuple[Entry, ...]
    answer: Mapping[str, Any]
    proposed: frozenset[tuple[str, str]]
    story: Story
    closed: tuple[State, State]
    letter: str
    pictures: tuple[Path, ...]

    @property
    def told(self) -> dict[str, set[str]]:
        return {table: keys for (_, table), keys in rows(self.answer).items()}


@pytest.fixture(scope="module")
def asked(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    of, source, url, truth = database
    office = Office.of(project(of, source, url, tmp_path_factory.mktemp("project")), TODAY)
    her = [f"email={truth['person'][each]}" for each in ("email", "former_email")]
    engine = connect(url)
    with engine.connect() as connection, connection.begin():
        schema = reflect(connection)
        before = snapshot(connection, schema)
        concerns = tuple(read_entry(connection, schema, each) for each in truth["concerns"])
        surviving = tuple(read_entry(connection, schema, each) for each in truth["must_survive_unchanged"])

    pictures = tuple(_pictures(office, concerns, schema, before))
    for each in pictures:
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_bytes(b"a picture")
    access = office.ask(RequestKind.ACCESS, *her)
    assert access.looked is not None
    proposed = frozenset(_proposed(access.looked))
    office.review(access.opened.id)
    told = office.deliver(access.opened.id)

    erase = office.ask(RequestKind.ERASE, *her).opened.id
    done = office.approve(erase, **ENDS[of.name])
    assert done.opened.request.state is State.CARRIED_OUT, done.findings
    letter = office.deliver(erase)
    with engine.connect() as connection, connection.begin():
        after = snapshot(connection, schema)
    engine.dispose()
    mapped = office.loaded.datamap.sources[source]
    story = Story(of, mapped, schema, concerns, surviving, frozenset(), before, after, frozenset(), frozenset())
    answer = office.answer(access.opened.id)
    return Asked(of, office, truth, concerns, answer, proposed, story, (told, letter), office.letter(erase), pictures)


@pytest.fixture(scope="module")
def story(asked: Asked) -> Story:
    return asked.story


def project(of: Application, source: str, url: str, directory: Path) -> Path:
    """A project of this application alone, on one engine."""
    for each in ("policy", "datamap"):
        shutil.copytree(HERE / of.name / each, directory / each)
    (file,) = (directory / "datamap").iterdir()
    lines = file.read_text("utf-8").splitlines(keepends=True)
    others = [f"{{source: {each}," for _, each in of.packed.values() if each != source]
    file.write_text("".join(line for line in lines if not any(each in line for each in others)), "utf-8")
    (directory / "files").mkdir()
    (directory / "files" / "somebody_elses.jpg").write_bytes(b"a picture")
    (directory / "ombud.yaml").write_text(
        "policy: policy/\ndatamaps: datamap/\nsources:\n"
        f'  {source}: {{url: "{url}", files: {{{STORES[of.name]}: files}}}}\n',
        encoding="utf-8",
    )
    return directory


def _pictures(office: Office, concerns: Iterable[Entry], schema: Schema, before: Rows) -> Iterator[Path]:
    """The files that her rows name, under a key of values."""
    for entry in (each for each in concerns if each.table == "wp_postmeta"):
        columns = list(schema.tables[entry.table].columns)
        for key in entry.keys:
            row = before[entry.table][key]
            if row[columns.index("meta_key")] == "'_wp_attached_file'":
                yield office.loaded.project.directory / "files" / row[columns.index("meta_value")].strip("'")


def _proposed(looked: Any) -> Any:
    """Table and words of each proposal of what is others'."""
    texts = {
        (each.source, each.table, each.key, datum.name): str(datum.value)
        for each in looked.extract.records
        for datum in each.data
    }
    for cell, known in looked.review.cells.items():
        text = texts[cell.source, cell.table, cell.key, cell.name]
        for each in known.proposals:
            yield cell.table, text[each.span.start : each.span.end]


def hers(asked: Asked) -> dict[str, set[str]]:
    """The rows that the truth says concern her, but for others' words about her and keys with nothing under them."""
    found: dict[str, set[str]] = {}
    for entry in asked.concerns:
        if not entry.link.startswith(BY_WORDS_ALONE):
            keys = (written_key(key) for key in entry.keys if says(asked, entry, key))
            found.setdefault(entry.table, set()).update(keys)
    return found


def says(asked: Asked, entry: Entry, key: tuple[Any, ...]) -> bool:
    """Whether there is a value at all, where one stands under a key."""
    columns = asked.story.schema.tables[entry.table].columns
    return "meta_value" not in columns or asked.story.cell(asked.story.before, entry.table, key, "meta_value") != "''"


# --- what she is told ------------------------------------------------------------------------------------------------


@pytest.mark.fact("R1")
def test_the_answer_has_every_row_that_the_truth_names_and_no_other(asked: Asked) -> None:
    assert asked.told == hers(asked)
    assert asked.answer["complete"] is True


@pytest.mark.fact("R1")
def test_nothing_of_the_namesakes_is_in_it(asked: Asked) -> None:
    namesake = asked.truth["person"]["namesake_not_the_same_person"]
    for word in namesake.split(", "):
        assert word not in words(asked.answer)


@pytest.mark.fact("R1")
def test_what_is_about_her_husband_is_proposed_and_left_out(asked: Asked) -> None:
    assert "Per Sandberg" in {word for _, word in asked.proposed}
    assert "Per Sandberg" not in words(asked.answer)


@pytest.mark.fact("R1")
def test_each_datum_says_for_what_it_is_held_on_which_basis_and_how_to_complain(asked: Asked) -> None:
    held = {hold["purpose"] for each in asked.answer["records"] for datum in each["data"] for hold in datum["holds"]}
    assert {"participation", "bookkeeping"} <= held or {"discussion", "account"} <= held
    assert asked.answer["rights"]


# --- what becomes of her rows ----------------------------------------------------------------------------------------

AS_A_SWEEP = (
    alone.test_what_the_truth_deletes_is_gone,
    alone.test_what_the_truth_blanks_says_nothing_of_her,
    alone.test_what_the_truth_unlinks_points_nowhere,
    alone.test_what_the_truth_keeps_is_byte_for_byte_as_it_was,
    alone.test_what_others_wrote_of_her_is_only_for_a_person_to_change,
    alone.test_a_log_entry_that_is_emptied_says_so_as_the_application_would,
    alone.test_what_must_survive_is_byte_for_byte_as_it_was,
    alone.test_no_row_changes_that_the_truth_does_not_name,
    alone.test_in_her_rows_no_column_changes_that_the_truth_does_not_name,
)


@pytest.mark.fact("R3")
@pytest.mark.parametrize("becomes", AS_A_SWEEP, ids=lambda each: each.__name__.removeprefix("test_"))
def test_a_whole_request_does_to_each_row_what_the_truth_says(story: Story, becomes: Callable[[Story], None]) -> None:
    becomes(story)


@pytest.mark.fact("R3")
def test_her_pictures_are_gone_and_nobody_elses(asked: Asked) -> None:
    assert bool(asked.pictures) == (asked.of is BLOG)
    assert not any(each.exists() for each in asked.pictures)
    assert (asked.office.loaded.project.directory / "files" / "somebody_elses.jpg").exists()


@pytest.mark.fact("R3")
def test_the_letter_says_what_stays_and_by_which_law(asked: Asked) -> None:
    assert asked.closed == (State.CLOSED, State.CLOSED)
    assert "1999:1078" in asked.letter or "2016/679" in asked.letter


@pytest.mark.fact("R1")
@pytest.mark.fact("R3")
def test_asked_again_she_is_told_of_what_stays_and_of_nothing_else(asked: Asked) -> None:
    addresses = (f"email={asked.truth['person'][kind]}" for kind in ("email", "former_email"))
    again = asked.office.ask(RequestKind.ACCESS, *addresses)
    assert again.looked is not None
    told = {(each.table, each.key) for each in again.looked.extract.records}
    left = {(table, written_key(key)) for table, found in asked.story.after.items() for key in found}
    assert told <= left
    assert told <= {(table, key) for table, keys in asked.told.items() for key in keys}
