"""The page says what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

from ombud.adapters.population_file import COLUMNS
from ombud.adapters.population_spar import VARIABLES
from ombud.rights.contact_point import DIGITS, LASTS, TRIES
from ombud.rights.deadlines import PROMPT
from ombud.rights.ladder import LADDER, NEEDS, STAKES, Sensitivity, Stake
from ombud.rights.population import Status
from ombud.rights.protected import FLAGGED, UNFLAGGED
from ombud.rights.rate import LIMITS, Scope

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "spec/identity.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/how-to/check-identity.md").read_text(encoding="utf-8")


def rows(*heads: str) -> list[list[str]]:
    """The rows of the table with this head."""
    start = PAGE.index(f"| {' | '.join(heads)} |\n")
    lines = PAGE[start:].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_what_a_request_needs_is_told_as_it_is() -> None:
    told = rows("at stake", "requests", *Sensitivity)
    assert [row[2:] for row in told] == [[str(rung) for rung in NEEDS[stake]] for stake in Stake]
    for stake, kinds, *_ in told:
        assert set(kinds.split(", ")) == {str(kind) for kind, of in STAKES.items() if of == stake}
    assert ", ".join(f"`{rung}`" for rung in LADDER) in PAGE


def test_what_a_flag_does_is_told_as_it_is() -> None:
    told = {deed: (free, flagged) for deeds, free, flagged in rows("deed", "no flag known", "flag")
            for deed in deeds.split(", ")}  # fmt: skip
    assert told == {str(deed): (str(UNFLAGGED[deed]), str(FLAGGED[deed])) for deed in FLAGGED}


def test_the_numbers_are_told_as_they_are() -> None:
    minutes = int(LASTS.total_seconds() // 60)
    for said in (
        f"a code of {DIGITS} digits", f"for {minutes} minutes and {TRIES} attempts",
        f"({PROMPT} days from receipt",
        f"At most {LIMITS[Scope.ADDRESS].most} messages an hour to one address and {LIMITS[Scope.ORIGIN].most} from",
        ";".join(COLUMNS), ", ".join(f"`{status}`" for status in Status),
    ):  # fmt: skip
        assert said in PAGE


def test_every_setting_of_spar_is_documented() -> None:
    for variable in VARIABLES.values():
        assert re.search(rf"^\|.*`{variable}`", GUIDE, re.MULTILINE)
