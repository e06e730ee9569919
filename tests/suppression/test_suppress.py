"""Before importing and before sending, the register alone says who may not be written to."""

from __future__ import annotations

import pytest

import ombud
from ombud.app.suppressing import suppressed
from ombud.terms import Mark
from tests.others.answers import project as loaded_project
from tests.suppression.conftest import ASTRID, MONA, Letters


@pytest.mark.fact("R6")
def test_an_objection_to_everything_counts_for_each_purpose_that_hears_it(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={ASTRID}")
    assert letters.check(ASTRID) == []
    assert letters.check(ASTRID, purpose="delivery") == [ASTRID]
    assert letters.check(ASTRID, purpose="course_tips") == [ASTRID], "of what rests on consent, consent is withdrawn"
    letters.run("mark", "overridden", "--subject", f"email={ASTRID}", "--purpose", "letter")
    assert letters.check(ASTRID) == [ASTRID]


def test_what_one_company_was_told_counts_for_that_one_and_for_who_does_not_say_which(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={ASTRID}", "--purpose", "letter", "--company", "north")
    assert letters.check(ASTRID, "--company", "south") == [ASTRID]
    assert letters.check(ASTRID, "--company", "north") == []
    assert letters.check(ASTRID) == []


def test_the_check_asks_no_database(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={ASTRID}", "--purpose", "letter")
    for path in letters.directory.glob("*.db"):
        path.unlink()
    assert letters.check(f"{ASTRID}\n{MONA}\n") == [MONA]


def test_a_csv_keeps_its_rows_as_they_are_quotes_and_line_breaks_too(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={ASTRID}", "--purpose", "letter")
    rows = f'name;x,E-mail\n"Astrid, A",{ASTRID}\n"two\nlines",{MONA}\nnobody,\n'
    (letters.directory / "people.csv").write_text(rows, encoding="utf-8-sig")
    place = str(letters.directory / "people.csv")
    told = letters.run("suppress", "check", "--purpose", "letter", "--column", "e-mail", place)
    assert told.stdout == f'name;x,E-mail\n"two\nlines",{MONA}\n'
    assert "1 may be used, 1 may not, 1 without an identifier." in told.stderr
    refused = letters.run("suppress", "check", "--purpose", "letter", "--column", "e-mail", "--write", "may-not", place)
    assert refused.stdout == f'name;x,E-mail\n"Astrid, A",{ASTRID}\n'


def test_strict_is_the_exit_code_of_a_gate_and_json_tells_numbers_alone(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={ASTRID}", "--purpose", "letter")
    place = letters.directory / "list.txt"
    place.write_text(f"{MONA}\n\n{ASTRID}\n")
    done = letters.run("suppress", "check", "--purpose", "letter", "--strict", "--format", "json", str(place))
    assert done.exit_code == 1
    assert '"lines_that_may_not": [\n    3\n  ]' in done.stdout
    assert "astrid" not in done.output
    place.write_text(f"{MONA}\n")
    assert letters.run("suppress", "check", "--purpose", "letter", "--strict", str(place)).exit_code == 0


@pytest.mark.parametrize(
    ("text", "more"),
    [("astrid@x.example,1\n", ("--column", "email")), ('email\n"astrid@x.example\n', ("--column", "email")),
     ("email,email\na,b\n", ("--column", "email"))],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_without_a_word_of_it(
    letters: Letters, text: str, more: tuple[str, ...]
) -> None:
    (letters.directory / "list.csv").write_text(text)
    done = letters.run("suppress", "check", "--purpose", "letter", str(letters.directory / "list.csv"), *more)
    assert done.exit_code == 1
    assert "C170" in done.stderr
    assert "astrid" not in done.stderr


def test_bytes_that_are_no_text_are_nobodys_and_pass_as_they_are(letters: Letters) -> None:
    place = letters.directory / "list.txt"
    place.write_bytes(b"\xff\xfe@x.example\n" + ASTRID.encode() + b"\n")
    assert letters.run("suppress", "check", "--purpose", "letter", "--format", "json", str(place)).exit_code == 0


def test_an_unknown_purpose_is_refused_with_a_guess(letters: Letters) -> None:
    done = letters.run("suppress", "check", "--purpose", "leter", "-")
    assert done.exit_code == 1
    assert "did you mean letter" in done.stderr


def test_from_python_the_same_is_asked_of_a_directory(letters: Letters) -> None:
    letters.run("mark", "objected", "--subject", f"email={ASTRID}", "--purpose", "letter")
    assert ombud.suppressed("letter", [ASTRID, MONA], project=letters.directory / "policy") == {ASTRID}


def test_a_hundred_thousand_addresses_are_asked_by_one_look_at_the_register(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ombud.adapters.register import Register

    letters.run("mark", "objected", "--subject", f"email={ASTRID}", "--purpose", "letter")
    looks: list[int] = []
    known = Register.marks

    def look(register: Register, after: int = 0) -> tuple[Mark, ...]:
        looks.append(1)
        return known(register, after)

    monkeypatch.setattr(Register, "marks", look)
    loaded = loaded_project(letters.directory)
    many = [f"person{n}@d{n % 500}.example" for n in range(100_000)]
    assert suppressed("letter", [*many, ASTRID.title()], project=loaded) == {ASTRID.title()}
    assert looks == [1]
