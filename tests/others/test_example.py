"""On the example group: what Elsa's texts say of the husband at her address is proposed, and nothing of hers."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from examples.cag.people import PHONES
from ombud.app.example import lay_out
from ombud.app.others import propose, seal, unfit
from ombud.rights.masking import MASK, masked_extract
from ombud.rights.others import Decision, OutOfPlace, Review, Whose, without
from tests.others.answers import TODAY, Proposed, answer, project, proposed

NOTE = (
    "Ring min man Emil på 070-174 06 33 eller emil@jobb.example, annars familjen@granvret.example. "
    f"Emils bil står ute. Elsa Granvret, {PHONES[5]}, 19580109-9850. Granne: Bo Lindnäs, bo@lindnas.example."
)
ROWS = [("crm", "customer", "name = 'Elsa Granvret'"), ("crm", "orders", "note LIKE 'Ring min man%'"),
        ("support", "message", "body LIKE 'Nu är det%Elsa%'")]  # fmt: skip


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("group")
    lay_out(directory, TODAY)
    with sqlite3.connect(directory / "crm.db") as db:
        (elsa,) = db.execute("SELECT id FROM customer WHERE name = 'Elsa Granvret'").fetchone()
        db.execute("UPDATE orders SET note = ? WHERE customer_id = ?", (NOTE, elsa))
    with sqlite3.connect(directory / "support.db") as db:
        insert = (
            "INSERT INTO support_case (company, name, email, created_at) VALUES ('BD', ?, ?, '2026-05-01 10:00:00')"
        )
        case = db.execute(insert, ("Elsa Granvret", "familjen@granvret.example")).lastrowid
        db.execute(insert, ("Emil Granvret", "familjen@granvret.example"))
        said = "INSERT INTO message (case_id, sender, body, sent_at) VALUES (?, 'us', ?, '2026-05-02 10:00:00')"
        db.execute(said, (case, "Nu är det ordnat, Elsa, och Emil är tillsagd.\nMvh Lisa Ek"))
    return directory


@pytest.fixture
def elsa(group: Path, tmp_path: Path) -> Proposed:
    shutil.copytree(group, tmp_path / "group")
    return proposed(project(tmp_path / "group"), ROWS, "email=familjen@granvret.example")


@pytest.mark.fact("R1")
def test_the_husband_is_proposed_for_masking_and_nothing_of_hers_is(elsa: Proposed) -> None:
    left = elsa.masked()["orders", "note"]
    assert left == (
        f"Ring min man {MASK} på {MASK} eller {MASK}, annars familjen@granvret.example. "
        f"{MASK} bil står ute. Elsa Granvret, {PHONES[5]}, 19580109-9850. Granne: {MASK}, {MASK}."
    )


@pytest.mark.fact("R1")
def test_he_is_known_in_another_source_by_the_address_they_share(elsa: Proposed) -> None:
    found = elsa.found(lambda p: p.whose is Whose.HOUSEHOLD)
    assert ("message", "body", "Emil") in found


def test_who_answered_is_told_apart_and_a_policy_may_name_them(elsa: Proposed) -> None:
    (body,) = [known for cell, known in elsa.review.cells.items() if cell.name == "body"]
    assert [p.whose for p in body.proposals] == [Whose.HOUSEHOLD, Whose.STAFF]
    assert [p.whose for p in without(body.proposals, Whose.STAFF)] == [Whose.HOUSEHOLD]


def test_another_persons_address_is_known_by_the_databases_and_a_strange_one_by_its_look(elsa: Proposed) -> None:
    assert ("orders", "note", "bo@lindnas.example") in elsa.found(lambda p: p.whose is Whose.ANOTHER)
    assert ("orders", "note", "emil@jobb.example") in elsa.found(lambda p: p.whose is Whose.UNKNOWN)


def test_the_original_is_never_touched_and_the_answer_says_what_is_left_out(elsa: Proposed) -> None:
    again = answer(elsa.loaded, ROWS)
    assert again == elsa.extract
    shown = masked_extract(elsa.extract, elsa.review.spans())
    (note,) = [d for r in shown.records for d in r.data if d.name == "note"]
    assert note.value == NOTE
    assert len(note.masked) == 6


def test_a_reviewer_rejects_accepts_and_adds_and_nothing_is_left_open(elsa: Proposed) -> None:
    (cell,) = [cell for cell in elsa.review.cells if cell.name == "note"]
    review = elsa.review.reject(cell, 0, "anna").add(cell, 88, 95, "he is a doctor", "anna")
    for n in range(1, len(review.cells[cell].proposals) - 1):
        review = review.accept(cell, n, "anna")
    known = review.cells[cell]
    assert {p.decision for p in known.proposals} == {Decision.REJECTED, Decision.ACCEPTED, Decision.ADDED}
    assert review.open == elsa.review.open - 6
    assert not any(span.start == NOTE.index("Emil") for span in review.spans()[cell])
    with pytest.raises(OutOfPlace):
        review.add(cell, 0, len(NOTE) + 1, "…", "anna")
    with pytest.raises(OutOfPlace):
        review.accept(cell, 99, "anna")


def test_decisions_are_kept_for_the_same_text_and_asked_again_for_another(elsa: Proposed) -> None:
    (cell,) = [cell for cell in elsa.review.cells if cell.name == "note"]
    decided = elsa.review.reject(cell, 0, "anna")
    fresh, _ = propose(elsa.loaded, elsa.extract)
    assert decided.again(fresh).cells[cell].proposals[0].decision is Decision.REJECTED
    with sqlite3.connect(elsa.loaded.project.directory / "crm.db") as db:
        db.execute("UPDATE orders SET note = 'Obs: ' || note WHERE note <> ''")
    moved = answer(elsa.loaded, [(s, t, w.replace("LIKE 'Ring", "LIKE '%Ring")) for s, t, w in ROWS])
    digest, _ = elsa.loaded.keys()
    assert unfit(digest, moved, decided) == (cell,)
    fresh, _ = propose(elsa.loaded, moved)
    assert decided.again(fresh).cells[cell].proposals[0].decision is Decision.OPEN


def test_what_is_kept_of_a_review_has_no_word_of_the_text(elsa: Proposed) -> None:
    kept = repr(elsa.review)
    assert not any(word in kept for word in ("Emil", "emil@", "Bosse", "070-", "Lindnäs"))


def test_a_cell_without_proposals_can_still_be_masked_by_hand(elsa: Proposed) -> None:
    (datum,) = [d for r in elsa.extract.records for d in r.data if d.name == "city"][:1]
    (record,) = [r for r in elsa.extract.records if datum in r.data][:1]
    from ombud.rights.masking import at

    digest, _ = elsa.loaded.keys()
    review = Review().seen(at(record, datum), seal(digest, str(datum.value)), len(str(datum.value)))
    assert review.add(at(record, datum), 0, 3, "…", "anna").spans()[at(record, datum)]
