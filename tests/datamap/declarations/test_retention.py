"""A retention period is read where it says a period and nothing else."""

from __future__ import annotations

import pytest

from ombud.datamap.declarations.retention import counted_in_days, period


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("365", "P365D"),
        ("0030", "P30D"),
        ("365 days", "P365D"),
        ("1 Day", "P1D"),
        (" 8 weeks ", "P8W"),
        ("24 months", "P24M"),
        ("7 years", "P7Y"),
        ("7years", "P7Y"),
        ("P7Y", "P7Y"),
        ("P1Y6M", "P1Y6M"),
    ],
)
def test_a_period_alone_is_read(said: str, found: str) -> None:
    assert period(said) == found


@pytest.mark.parametrize(
    "said",
    [
        "", "0", "0 days", "-3 days", "7 years after the contract", "about 7 years", "1 year and 6 months",
        "as required", "3.5 years", "PT24H", "P", "900 years", "99999999 days", "٣ days", "7 years\n8 years", "p7y",
    ],
)  # fmt: skip
def test_whatever_says_more_or_less_is_not_read(said: str) -> None:
    assert period(said) == ""


def test_only_a_bare_number_needs_a_word_on_its_unit() -> None:
    assert counted_in_days("365")
    assert not counted_in_days("365 days")
