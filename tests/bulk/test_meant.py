"""Whom many are named by: found through the index as if everybody's identifiers had been read."""

from __future__ import annotations

import pytest

from ombud.app import meant
from ombud.app.known import Called
from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.meant import refs_of
from ombud.app.rows import MOST
from ombud.app.whom import whom
from ombud.terms import KeyRef
from tests.bulk.conftest import counting, email, numbers
from tests.cli.conftest import Place


@pytest.fixture
def odd(many: Place) -> Loaded:
    """Customers whose addresses are written otherwise than they are asked for."""
    many.sql("shop", "UPDATE customer SET email = ' PERSON100@X.Example ' WHERE id = 100")
    many.sql("shop", "UPDATE customer SET email = 'Åsa@x.example' WHERE id = 101")
    many.sql("shop", "UPDATE customer SET email = 'home@bücher.example' WHERE id = 102")
    many.sql("shop", "UPDATE customer SET email = 'home@xn--bcher-kva.example' WHERE id = 103")
    many.sql("shop", "UPDATE customer SET email = NULL WHERE id = 104")
    many.sql("desk", "UPDATE ticket SET email = 'PERSON105@x.example' WHERE id = 105")
    loaded, findings = load(many.directory, Surroundings({}, lambda: many.now, lambda n: bytes(range(n))))
    assert loaded is not None, findings
    return loaded


ASKED = ("person100@x.example", "åsa@x.example", "home@bücher.example", "home@x.example", email(104), email(105))


def test_the_index_finds_whom_reading_everybody_finds(odd: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    digest, _ = odd.keys()
    each = [(f"email={address}",) for address in ASKED]
    by_index = [refs_of(odd, asked, digest) for asked in each]
    monkeypatch.setattr(meant, "_rough_forms", lambda kind, held: None)
    assert by_index == [refs_of(odd, asked, digest) for asked in each]
    rows = [sorted(ref.key[0] for ref in refs if isinstance(ref, KeyRef)) for refs, *_ in by_index]
    assert rows == [[100], [101], [], [], [], [105]]
    assert [len(perhaps) for _, perhaps, *_ in by_index] == [0, 0, 2, 2, 0, 0]
    assert [carriers for _, _, (carriers, _), _ in by_index] == [1, 0, 0, 0, 1, 1]


def test_of_many_each_is_found_as_alone_and_in_as_many_statements_as_few(odd: Loaded) -> None:
    """Of whom an index does not tell all are looked for by an evaluation, together: that is so of some of ASKED."""
    strange, plain = ([Called((f"email={each}",)) for each in some] for some in (ASKED, map(email, numbers(60))))
    every = [*strange, *plain]
    alone = [person for called in every for person in whom(odd, [called])]
    counts = []
    for some in (plain[:1], plain, strange, every):
        with counting() as asked:
            found = whom(odd, some)
        counts.append(asked["statements"])
    assert list(found) == alone
    assert counts[0] == counts[1] < counts[2] == counts[3]


@pytest.mark.parametrize("most", [MOST, 0])
def test_a_mark_by_hand_names_the_rows_that_an_answer_is_sure_of(
    odd: Loaded, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ombud.app.answers.MOST", most)
    digest, _ = odd.keys()
    for address in ASKED:
        (person,) = whom(odd, [Called((f"email={address}",))])
        assert person.refs == refs_of(odd, [f"email={address}"], digest)[0]
