"""The population register of a project: by hand, a file, or SPAR, as `ombud.yaml` says; its secrets are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from ombud.adapters.keys import KeyTrouble, secret
from ombud.adapters.population_by_hand import ByHand
from ombud.adapters.population_file import PopulationFile
from ombud.adapters.population_spar import Spar, settings
from ombud.app.loaded import Loaded, Refused
from ombud.app.project import STATE, Population
from ombud.rights.population import Entry, NotFound, PopulationRegister, RegisterTrouble
from ombud.terms import Finding, Place

FOLDER = "population"
"""Where entries typed by hand are kept, under the project's state."""

PLACE = Place("population")


@dataclass(frozen=True, slots=True)
class Looked:
    """What the register said of a number, or that it gave no answer: then nobody is known to be safe."""

    entry: Entry | NotFound | None
    trouble: str = ""


def register_of(loaded: Loaded, by: str) -> PopulationRegister:
    """The register that the project asks; `by` is who asks, which SPAR logs. Raises Refused (C179), RegisterTrouble."""
    match loaded.project.population:
        case None:
            hint = "say which: `population: by_hand`, `population: spar` or `population: {file: people.csv}`"
            raise Refused(Finding("C179", Place("ombud.yaml"), "no population register is set up", hint))
        case Population.BY_HAND:
            return by_hand(loaded)
        case Population.SPAR:
            return Spar(settings(loaded.around.environ), by, loaded.around.now)
        case Path() as path:
            return PopulationFile(loaded.project.directory / path, path.name)
        case _:
            assert_never(loaded.project.population)


def by_hand(loaded: Loaded) -> ByHand:
    """Entries that two people type. Raises Refused where the key cannot be used."""
    around, state = loaded.around, loaded.project.state
    try:
        key = secret(state, around.environ, around.random)
    except KeyTrouble as error:
        raise Refused(Finding("C025", Place(STATE), str(error), error.hint)) from None
    return ByHand(state / FOLDER, key, around.now, around.random)


def forget_by_hand(loaded: Loaded) -> int:
    """Remove what was typed and is believed no more; how many entries. Nothing where nobody types any."""
    return by_hand(loaded).forget() if loaded.project.population is Population.BY_HAND else 0


def look_up(loaded: Loaded, number: str, by: str) -> Looked:
    """What the register says of a number. Trouble is an answer too: a flag, by spec/identity.md §4. Raises Refused."""
    try:
        return Looked(register_of(loaded, by).look_up(number))
    except RegisterTrouble as trouble:
        return Looked(None, str(trouble))


def troubled(trouble: str) -> Finding:
    """C179: the register gave no answer. The words are the adapter's, and hold no personal data."""
    hint = "until it answers, whoever is asked about is treated as protected"
    return Finding("C179", PLACE, f"the population register gave no answer: {trouble}", hint)
