"""What a draft finds in invented applications of the kinds that companies run, by names and declared keys alone."""

from __future__ import annotations

import pytest

from tests.datamap.guess.applications import NAMES, astray, found, labels


@pytest.mark.parametrize("name", NAMES)
def test_nearly_all_that_is_personal_is_found_and_little_else(name: str) -> None:
    said, of = found(name), labels(name)
    missed, extra = sorted(of.personal - said), sorted(said - of.personal - of.either)
    assert len(missed) <= 0.1 * len(of.personal), missed
    assert len(extra) <= 0.15 * len(said), extra


@pytest.mark.parametrize("name", NAMES)
def test_each_table_leads_to_whom_it_is_about(name: str) -> None:
    assert astray(name) == {}
