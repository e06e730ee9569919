"""The example's people are told the same by what is gathered of them as by the oracle over all rows, one or many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from ombud.app.extracting import extracts, known_each
from ombud.app.gathered import Gathered
from ombud.app.kept_open import KeptOpen
from ombud.app.known import Called
from ombud.app.loaded import Loaded
from ombud.documents.extract import Extract
from tests.office import Office

EVERY = 7
"""One in so many of those who are in any of the databases is asked for."""


def people(office: Office) -> list[str]:
    customers = {email for (email,) in office.sql("crm", "SELECT email FROM customer WHERE email IS NOT NULL")}
    others = {email for (email,) in office.sql("newsletter", "SELECT email FROM subscriber WHERE email IS NOT NULL")}
    return sorted(customers | others)[::EVERY]


def asked(emails: Iterable[str]) -> list[tuple[str, Called]]:
    return [(str(n), Called((f"email={email}",))) for n, email in enumerate(emails)]


def said(answer: Extract) -> object:
    """What an answer says, but for the order of its rows, and of what holds a cell."""
    rows = {
        (each.source, each.table, each.key): (
            each.company,
            {(d.name, repr(d.value), d.category, frozenset(d.holds), d.provenance, d.file) for d in each.data},
        )
        for each in answer.records
    }
    return rows, answer.perhaps, answer.unread, answer.about


@pytest.fixture(scope="module")
def loaded(built: Office) -> Loaded:
    return replace(built.loaded, kept=KeptOpen())


@pytest.mark.fact("R1")
def test_many_at_once_are_told_what_the_oracle_says_of_each(
    built: Office, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = set[str]()
    given = Gathered.told

    def told(self: Gathered, persons: object) -> object:
        served.add(self.source.name)
        return given(self, persons)  # type: ignore[arg-type]

    monkeypatch.setattr(Gathered, "told", told)
    persons = asked(people(built))
    gathered = extracts(loaded, persons)
    assert served == set(loaded.datamap.sources)
    for one, other in zip(gathered, extracts(loaded, persons, gathers=False), strict=True):
        assert said(one) == said(other)


def test_whom_they_are_about_is_the_same(built: Office, loaded: Loaded) -> None:
    every = [called for _, called in asked(people(built))]
    gathered, others = (known_each(loaded, every, gathers=gathers) for gathers in (True, False))
    for (one, trouble), (other, same) in zip(gathered, others, strict=True):
        assert (one.meant, one.about, trouble) == (other.meant, other.about, same)


def test_one_alone_is_told_what_they_are_told_among_many(built: Office, loaded: Loaded) -> None:
    emails = people(built)[:5]
    together = extracts(loaded, asked(emails))
    for email, one in zip(emails, together, strict=True):
        (alone,) = extracts(loaded, asked([email]))
        assert said(alone) == said(one)
