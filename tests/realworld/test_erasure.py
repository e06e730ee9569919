"""Real applications' databases: one person asks to be erased, and exactly her rows change, as a lawyer read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap.identity import digest
from ombud.datamap.live import compare
from ombud.datamap.load import load as load_maps
from ombud.datamap.settle import settle
from ombud.datamap.unmapped import swallowed
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.policy.load import load as load_policy
from ombud.policy.model import Policy
from ombud.terms import Act, IdRef, KeyRef, Mark, Ref
from tests.realworld.truth import BLOG, Application, Key, Story, read_entry, snapshot

HERE = Path(__file__).parent
TODAY = date(2026, 12, 1)
"""After the day on which the databases were filled, and before any clock of the policies is over."""

DIGEST = partial(digest, b"a key of these stories alone")


@pytest.fixture(scope="module")
def story(database: Any) -> Story:
    of, name, url, truth = database
    policy, findings = load_policy(HERE / of.name / "policy")
    assert policy is not None, [str(each) for each in findings]
    maps, findings = load_maps(HERE / of.name / "datamap", policy)
    assert maps is not None, [str(each) for each in findings]
    engine = connect(url)
    with engine.connect() as connection:
        schema = reflect(connection)
    source, unsettled = settle(maps.sources[name], schema)
    assert not unsettled
    with engine.connect() as connection:
        with connection.begin():
            before = snapshot(connection, schema)
            said = tuple(read_entry(connection, schema, each) for each in truth["concerns"])
            surviving = tuple(read_entry(connection, schema, each) for each in truth["must_survive_unchanged"])

        def sweep(plan: str) -> Sweep:
            return Sweep(connection, policy, source, schema, TODAY, DIGEST, plan)

        first = sweep("before she asks")
        first.prepare()
        early = due(first)
        with connection.begin():
            acknowledge(connection, first.names, marks(connection, first, policy, of, truth))
        asked = sweep("she asks")
        asked.freeze()
        asked.apply()
        with connection.begin():
            after = snapshot(connection, schema)
        with connection.begin():
            waiting = connection.execute(sa.select(asked.names.outbox.c.root, asked.names.outbox.c.path)).all()
        files = frozenset((root, path) for root, path in waiting)
        late = due(sweep("afterwards"))
    engine.dispose()
    return Story(of, source, schema, said, surviving, early, before, after, late, files)


def due(sweep: Sweep) -> frozenset[str]:
    return frozenset(table for table, count in sweep.freeze().items() if not count.empty)


def marks(
    connection: sa.Connection, sweep: Sweep, policy: Policy, of: Application, truth: Mapping[str, Any]
) -> list[Mark]:
    """The relationship has ended, for every purpose that does not stay: known by her number and all her addresses."""
    subject, name, column = of.her
    table = sweep.source.tables[name]
    row, number = sweep.names.row(table.name), next(iter(truth["ids"].values()))
    birth = connection.execute(sa.select(sweep.names.birth(table, row)).where(row.c[column] == number)).scalar_one()
    addresses = {truth["person"]["email"], truth["person"]["email"].upper(), truth["person"]["former_email"]}
    key = KeyRef(sweep.source.source, subject, (number,), birth)
    refs: frozenset[Ref] = frozenset({key, *(IdRef("email", DIGEST("email", address)) for address in addresses)})
    ending = (purpose for purpose in policy.purposes[of.company] if purpose not in of.stays)
    return [Mark(seq, TODAY, Act.ENDED, refs, purpose) for seq, purpose in enumerate(ending, 1)]


# --- the map ---------------------------------------------------------------------------------------------------------


def test_every_table_of_the_application_is_mapped_or_said_not_to_be_personal(story: Story) -> None:
    taken_out = {table for found in swallowed(story.source, story.schema).values() for table in found}
    assert set(story.schema.tables) <= set(story.source.tables) | taken_out
    assert len(story.schema.tables) == story.of.tables


def test_the_map_and_the_live_database_agree(story: Story) -> None:
    assert compare(story.source, story.schema) == ()


# --- what becomes of her rows ----------------------------------------------------------------------------------------


def test_nothing_is_due_before_she_asks(story: Story) -> None:
    assert story.early == frozenset()


def test_what_the_truth_deletes_is_gone(story: Story) -> None:
    for entry in story.entries("delete", "delete_link"):
        left = entry.keys & story.after[entry.table].keys()
        assert not left, f"{entry}: {sorted(left)}"


def test_what_the_truth_blanks_says_nothing_of_her(story: Story) -> None:
    for entry in story.entries("blank"):
        for key in entry.keys:
            for column in entry.columns:
                held = story.cell(story.after, entry.table, key, column)
                assert held in {"None", "0", "''", "'{}'", "{}"}, f"{entry} {key} {column}"


def test_what_the_truth_unlinks_points_nowhere(story: Story) -> None:
    for entry in story.entries("unlink"):
        for key in entry.keys:
            for column in entry.columns:
                assert story.cell(story.after, entry.table, key, column) in {"None", "0"}, f"{entry} {key} {column}"


def test_what_the_truth_keeps_is_byte_for_byte_as_it_was(story: Story) -> None:
    for entry in story.entries("keep"):
        for key in entry.keys:
            assert story.after[entry.table][key] == story.before[entry.table][key], f"{entry} {key}"


def test_what_others_wrote_of_her_is_only_for_a_person_to_change(story: Story) -> None:
    for entry in story.entries("redact", "leave"):
        for key in entry.keys:
            assert story.after[entry.table][key] == story.before[entry.table][key], f"{entry} {key}"


def test_a_log_entry_that_is_emptied_says_so_as_the_application_would(story: Story) -> None:
    for entry in story.entries("blank"):
        for flag in story.of.flags & story.schema.tables[entry.table].columns.keys():
            assert {story.cell(story.after, entry.table, key, flag) for key in entry.keys} <= {"1", "True"}


# --- what becomes of everybody else's --------------------------------------------------------------------------------


def test_what_must_survive_is_byte_for_byte_as_it_was(story: Story) -> None:
    for entry in story.surviving:
        for key in entry.keys:
            assert story.after[entry.table][key] == story.before[entry.table][key], f"{entry} {key}"


def test_no_row_changes_that_the_truth_does_not_name(story: Story) -> None:
    hers: dict[str, set[Key]] = {}
    for entry in story.entries("delete", "delete_link", "blank", "unlink"):
        hers.setdefault(entry.table, set()).update(entry.keys)
    for table, rows in story.before.items():
        changed = {key for key, row in rows.items() if story.after[table].get(key) != row}
        assert changed <= hers.get(table, set()), table
        assert story.after[table].keys() <= rows.keys(), f"{table} has rows that were not there"


def test_in_her_rows_no_column_changes_that_the_truth_does_not_name(story: Story) -> None:
    named: dict[tuple[str, Key], set[str]] = {}
    for entry in story.entries("blank", "unlink"):
        for key in entry.keys:
            named.setdefault((entry.table, key), set()).update(entry.columns)
    for (table, key), columns in named.items():
        pairs = zip(story.schema.tables[table].columns, story.before[table][key], story.after[table][key], strict=True)
        changed = {name for name, was, became in pairs if was != became}
        assert changed <= columns | story.of.flags, f"{table} {key}"


# --- afterwards ------------------------------------------------------------------------------------------------------


def test_the_files_that_wait_to_be_removed_are_those_of_the_rows_that_went(story: Story) -> None:
    """Under a key of values, in one application; the other names none in the map."""
    named = {
        story.cell(story.before, "wp_postmeta", key, "meta_value").strip("'")
        for entry in story.entries("delete")
        for key in (entry.keys if entry.table == "wp_postmeta" else ())
        if story.cell(story.before, "wp_postmeta", key, "meta_key") == "'_wp_attached_file'"
    }
    assert story.files == {("uploads", path) for path in named}
    assert bool(named) == (story.of is BLOG)


def test_a_second_sweep_finds_nothing_left_to_do(story: Story) -> None:
    assert story.late == frozenset()


def test_every_deviation_from_the_truth_is_explained_on_its_page(story: Story) -> None:
    said = {(each.action, each.table, each.link) for each in story.truth}
    for deviation in story.of.deviations:
        assert deviation in said, f"{deviation} is no line of the truth any more"
        assert f"`{deviation[1]}`" in story.of.page
