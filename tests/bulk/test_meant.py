"""Whom many are named by: found through the index as if everybody's identifiers had been read."""

from __future__ import annotations

import pytest

from ombud.app import meant
from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.meant import refs_of, refs_of_each
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


def test_of_many_each_is_found_as_alone_and_in_as_many_statements_as_one(odd: Loaded) -> None:
    digest, _ = odd.keys()
    each = [(f"email={address}",) for address in (*ASKED, *map(email, numbers(60)))]
    alone = [refs_of(odd, asked, digest) for asked in each]
    with counting() as one:
        refs_of_each(odd, each[:1], digest)
    with counting() as many:
        found, _ = refs_of_each(odd, each, digest)
    assert [(whom.refs, whom.perhaps) for whom in found] == [(refs, perhaps) for refs, perhaps, *_ in alone]
    assert many["statements"] == one["statements"]
