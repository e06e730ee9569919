"""Answers change the lines they are about, and nothing else."""

from __future__ import annotations

from ruamel.yaml import YAML

from ombud.datamap.guess.review import Open, Review, Sort, masked

DRAFT = """\
# a remark of mine
source: crm
tables:
  users:
    owner: users
    columns:
      "a: b": contact.name  # guess: 0.95 it is called a b
      data:
        json:
          contact.email: contact.email  # guess: 0.90 values
          contact.phone: contact.phone  # guess: 0.80 values
  notes:
    owner: user  # guess: 0.90 leads to users
    columns:
      text: text  # guess: 0.70 it is called text
    not_personal:  # guess: 0.60 nothing personal was seen in these
      - kind
"""


def answered(*keys: str) -> list[str]:
    """The lines after each guess whose last key this is was said not to be personal."""
    review = Review(DRAFT)
    for key in keys:
        review.not_personal(next(each for each in review.waiting() if each.line.keys[-1] == key))
    return review.text.splitlines()


def test_the_riskiest_comes_first_and_what_may_be_missed_is_riskier() -> None:
    asked = [each.line.keys[-1] for each in Review(DRAFT).waiting()]
    assert asked[0] == "not_personal"
    assert asked[-1] == "a: b"


def test_a_name_with_a_colon_moves_whole() -> None:
    assert '      - "a: b"' in answered("a: b")


def test_a_document_goes_with_its_last_path() -> None:
    one = answered("contact.email")
    assert "        json:" in one
    both = answered("contact.email", "contact.phone")
    assert "        json:" not in both
    assert both[both.index("    not_personal:") + 1] == "      - data"


def test_a_list_that_is_there_is_used() -> None:
    lines = answered("text")
    assert [line.strip() for line in lines[lines.index("  notes:") + 2 :]] == [
        "not_personal:  # guess: 0.60 nothing personal was seen in these",
        "- text",
        "- kind",
    ]
    assert lines[0] == "# a remark of mine"


def test_a_masked_value_does_not_say_what_it_says() -> None:
    assert masked(["ada@x.example", "070-174 06 05", "x" * 90]) == [
        "a••@•.e••••••",
        "999-999 99 99",
        "x" + "•" * 59 + "…",
    ]


def test_of_a_list_a_column_can_be_said_to_be_personal() -> None:
    review = Review(DRAFT)
    guess = review.waiting()[0]
    assert review.listed(guess) == ["kind"]
    review.personal(guess, "kind", "text")
    lines = review.text.splitlines()
    assert lines[lines.index("      kind: text") - 1] == "    columns:"
    assert "    not_personal:" not in review.text, "a list that has lost its last name goes"


ODD = """\
source: crm
subjects:
  users: {table: users}  # guess: 0.80 its rows have names
tables:
  users:
    owner: users
    columns:
      name: contact.name
  notes:
    owner: user  # guess: 0.90 leads to users
    links:
      user: {to: users, by: user_id}
      order: {to: orders, by: order_id}
    # guess: 0.80 kind says in which table thing is a key; say which tables
    not_personal:  # guess: 0.60 nothing personal was seen in these
      - kind
      - who
      - what

not_personal:
  - settings  # guess: 0.90 no column and no link tells of a person
"""


def waiting(review: Review, sort: Sort) -> Open:
    (found,) = (each for each in review.waiting() if each.sort is sort)
    return found


def test_every_guess_is_of_a_sort() -> None:
    sorts = {each.sort for each in Review(ODD).waiting()} | {each.sort for each in Review(DRAFT).waiting()}
    assert sorts == set(Sort) - {Sort.OTHER}


def test_another_owner_is_said_in_the_maps_words() -> None:
    review = Review(ODD)
    assert review.links("notes") == ["user", "order"]
    review.owned(waiting(review, Sort.OWNER), "order")
    assert "    owner: order" in review.text.splitlines()


def test_who_is_no_person_owns_nothing_and_whose_the_rows_are_is_asked() -> None:
    review = Review(ODD)
    review.nobody(waiting(review, Sort.SUBJECT))
    read = YAML(typ="safe").load(review.text)
    assert "subjects" not in read
    assert read["tables"]["users"]["owner"] == "nobody"
    assert ("tables", "users", "owner") in {each.line.keys for each in review.waiting()}


def test_a_table_that_was_left_out_is_mapped_and_whose_it_is_is_asked() -> None:
    review = Review(ODD)
    review.mapped(waiting(review, Sort.LEFT_OUT))
    read = YAML(typ="safe").load(review.text)
    assert "not_personal" not in read
    assert read["tables"]["settings"] == {"owner": "nobody"}
    assert read["tables"]["notes"]["not_personal"] == ["kind", "who", "what"]


def test_no_script_and_no_short_word_is_shown_whole() -> None:
    """Vowel signs are marks, an accent may stand by itself, and one letter may be all there is to know."""
    names = ["प्रिया", "ศิริพร", "e\u0301lise\u0301", "F", "A-", "!!**", "J o h n", "Åsa Öst", "070-123"]
    for name, shown in zip(names, masked(names), strict=True):
        said = [c for c, was in zip(shown, name, strict=True) if c == was and (c.isalpha() or c == "!")]
        assert len(said) <= name.count(" ") + 1, shown
        assert name not in shown
    assert masked(["Åsa Öst", "070-123 45", "F", "!!**"]) == ["A•• O••", "999-999 99", "•", "••••"]
