"""An opt-out that stands in a column survives erasure and re-import as a keyed hash."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from examples.cag import situations
from ombud.app.example import lay_out
from tests.cli.conftest import NOW, Place
from tests.suppression.conftest import ASTRID, MONA, NILS, Letters


@pytest.mark.fact("P10")
def test_on_the_example_an_opt_out_survives_its_row_and_stops_what_is_imported_again(tmp_path: Path) -> None:
    lay_out(tmp_path, NOW.date())
    group = Place(tmp_path, NOW)
    mona, astrid = situations.MONA.email, situations.ASTRID.email
    assert group.apply(group.plan("--source", "newsletter")).exit_code == 0
    count = f"SELECT count(*) FROM subscriber WHERE lower(email) = '{mona}'"
    assert group.sql("newsletter", count) == [(0,)]
    insert = "INSERT INTO subscriber (email, came_by, opted_in_at, added_at) VALUES"
    group.sql(
        "newsletter", f"{insert} ('{mona.upper()}', 'event', '2023-01-01T10:00:00.000', '2023-01-01T10:00:00.000')"
    )
    (tmp_path / "list.txt").write_text(f"{mona}\n{astrid}\n")
    asked = group.run("suppress", "check", "--purpose", "newsletter", str(tmp_path / "list.txt"))
    assert asked.stdout == f"{astrid}\n"
    group.now = NOW + timedelta(days=31)
    assert group.apply(group.plan("--source", "newsletter")).exit_code == 0
    assert group.sql("newsletter", count) == [(0,)]


@pytest.mark.fact("P10")
def test_without_what_is_kept_the_imported_row_would_stay(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    """The column spoke of its row alone: this is why the register has to know."""
    from ombud.app import opting_out

    monkeypatch.setattr(opting_out, "keep", lambda *_, **__: opting_out.Kept({}))
    letters.sweep()
    letters.import_again(MONA)
    letters.sweep(31)
    assert letters.there(MONA) == 1


@pytest.mark.fact("P10")
def test_what_is_imported_again_is_restricted_at_once_and_goes_after_the_days_of_undo(letters: Letters) -> None:
    """It would rest on legitimate interests too, which a withdrawal alone does not end."""
    letters.sweep()
    assert letters.there(MONA) == 0
    letters.import_again(MONA.upper())
    letters.sweep(1)
    assert letters.there(MONA) == 1
    assert "objected" in letters.run("explain", "--subject", f"email={MONA}").stdout
    letters.sweep(31)
    assert letters.there(MONA) == 0
    assert letters.there(ASTRID) == 1


def test_the_row_itself_does_not_wait_for_the_days_of_undo(letters: Letters) -> None:
    letters.sweep()
    assert letters.there(MONA) == 0


def test_a_purpose_that_rests_on_consent_alone_needs_no_objection(letters: Letters) -> None:
    letters.sweep()
    marks = letters.json("mark", "--list")["marks"]
    assert sorted((each["act"], each["purpose"]) for each in marks if each["day"] >= "2026") == [
        ("objected", "letter"),
        ("withdrawn", "course_tips"),
        ("withdrawn", "letter"),
    ]
    letters.sql("letters", f"INSERT INTO tip VALUES (9, '{MONA}', '2023-01-01', NULL, '2023-01-01')")
    letters.sweep(1)
    assert letters.sql("letters", "SELECT count(*) FROM tip WHERE id = 9") == [(0,)]


def test_the_register_holds_hashes_and_no_address(letters: Letters) -> None:
    letters.run("suppress", "keep")
    assert b"ekanger" not in (letters.directory / ".ombud" / "register.db").read_bytes().lower()


def test_keeping_twice_is_keeping_once(letters: Letters) -> None:
    assert letters.kept() == {"withdrawn": 2}
    assert letters.kept() == {}
    letters.sweep()
    assert letters.kept() == {}


def test_who_opted_in_again_since_is_not_kept_and_what_cannot_be_read_is(letters: Letters) -> None:
    letters.sql("letters", "INSERT INTO subscriber VALUES (5, 'odd@x.example', NULL, 'last week', '2023-01-01')")
    letters.run("suppress", "keep")
    assert letters.check("twice@x.example\nodd@x.example\n") == ["twice@x.example"]


def test_what_the_application_deletes_itself_is_kept_if_it_was_kept_before(letters: Letters) -> None:
    letters.kept()
    letters.sql("letters", f"DELETE FROM subscriber WHERE email = '{MONA}'")
    assert letters.kept() == {"objected": 1}
    letters.import_again(MONA)
    assert letters.kept() == {}
    letters.sweep(31)
    assert letters.there(MONA) == 0


def test_an_apply_that_dies_has_kept_the_opt_outs_before_the_rows_went(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ombud.engine.sweep import Sweep

    path = letters.plan()
    with monkeypatch.context() as during:
        during.setattr(Sweep, "apply", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            letters.apply(path)
    assert letters.check(MONA) == []
    assert letters.apply(path).exit_code == 0
    letters.import_again(MONA)
    letters.sweep(31)
    assert letters.there(MONA) == 0


def test_a_later_consent_takes_back_what_was_kept_and_nothing_that_a_person_said_to_us(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={NILS}", "--purpose", "letter")
    letters.sweep()
    letters.import_again(MONA, "2026-06-20")
    letters.sql("letters", f"UPDATE subscriber SET opted_in = '2026-06-20' WHERE email = '{NILS}'")
    letters.now = NOW + timedelta(days=25)
    assert letters.kept() == {"overridden": 1}
    assert letters.check(f"{MONA}\n{NILS}\n") == [MONA]
    letters.sweep(41)
    assert letters.there(MONA) == 1


def test_who_consents_anew_is_not_deleted_for_the_old_opt_out_by_an_apply_either(letters: Letters) -> None:
    letters.sweep()
    letters.import_again(MONA, "2026-06-20")
    letters.sweep(41)
    assert letters.there(MONA) == 1


def test_an_opt_out_by_mark_reaches_what_is_imported_later(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={ASTRID}", "--purpose", "letter")
    letters.sql("letters", f"DELETE FROM subscriber WHERE email = '{ASTRID}'")
    letters.import_again(ASTRID)
    assert letters.check(ASTRID.upper()) == []
    letters.sweep(32)
    assert letters.there(ASTRID) == 0


@pytest.mark.fact("P10")
def test_an_opt_out_survives_that_its_person_asks_to_be_erased(letters: Letters) -> None:
    """Her rows go for the request, by a sweep of hers alone."""
    from ombud.app.sources import opened
    from ombud.app.sweeping_persons import carry_out
    from ombud.engine.persons import Asked
    from ombud.terms import IdRef
    from tests.others.answers import project

    letters.run("mark", "ended", "--subject", f"email={MONA}", "--purpose", "letter", "--ground", "Art. 17(1)(b)")
    loaded = project(letters.directory)
    digest, _ = loaded.keys()
    with opened(loaded, "letters") as source:
        done = carry_out(loaded, source, Asked(frozenset({IdRef("email", digest("email", MONA))})), "r-1")
    assert done.complete
    assert letters.there(MONA) == 0
    assert letters.check(f"{MONA}\n{ASTRID}\n") == [ASTRID]
    marks = letters.json("mark", "--list")["marks"]
    assert [each["act"] for each in marks if each["purpose"] == "letter"] == ["ended", "withdrawn", "objected"]
