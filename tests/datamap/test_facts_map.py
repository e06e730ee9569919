"""Facts of the group's policy that its data maps make true, each by number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud.datamap.load import load, load_text
from ombud.datamap.model import Cell, DataMap, Provenance, Table
from ombud.policy.load import load as load_policy
from ombud.policy.model import Policy, covers
from ombud.terms import Level

CAG = Path(__file__).parents[2] / "examples" / "cag"


@pytest.fixture(scope="module")
def policy() -> Policy:
    found, _ = load_policy(CAG / "policy")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def datamap(policy: Policy) -> DataMap:
    found, findings = load(CAG / "datamap", policy)
    assert found is not None, findings
    return found


def cells(datamap: DataMap) -> Iterator[tuple[Table, Cell]]:
    for source in datamap.sources.values():
        for table in source.tables.values():
            for kind in table.kinds:
                yield from ((table, cell) for cell in kind.cells.values())


@pytest.mark.fact("P5")
def test_no_map_gives_service_information_a_postal_address(policy: Policy, datamap: DataMap) -> None:
    addresses = [cell for _, cell in cells(datamap) if cell.category == "contact.address"]
    assert addresses
    for purposes in policy.purposes.values():
        assert not covers(purposes["service_information"].data, "contact.address")


@pytest.mark.fact("P8")
@pytest.mark.parametrize("table", ["customer", "marketing_contact"])
def test_a_personal_column_bound_to_counting_visits_is_refused(policy: Policy, table: str) -> None:
    text = (CAG / "datamap" / "crm.yaml").read_text(encoding="utf-8")
    head, found, rest = text.partition(f"\n  {table}:\n")
    of_it, word, after = rest.partition("purposes:")
    assert found
    assert word
    bound = (
        after.replace("{", "{web_statistics: all, ", 1)
        if after.startswith(" {")
        else f"\n      web_statistics: all{after}"
    )
    refused, findings = load_text({"crm.yaml": head + found + of_it + word + bound}, policy)
    assert refused is None
    assert [each.code for each in findings if each.level is Level.ERROR] == ["M041"]


@pytest.mark.fact("P15")
def test_an_allergy_and_the_caterers_copy_of_it_end_with_the_event(datamap: DataMap) -> None:
    tables = datamap.sources["events"].tables
    assert [binding.purpose for binding in tables["allergy"].kinds[0].bindings] == ["event_catering"]
    assert "event_over" in tables["allergy"].kinds[0].moments
    assert tables["caterer_list"].follows == tables["caterer_list"].copy_of == "allergy"


@pytest.mark.fact("P17")
def test_every_column_is_marked_provided_or_observed(datamap: DataMap) -> None:
    unmarked = [f"{table.name}.{cell.name}" for table, cell in cells(datamap) if cell.provenance is None]
    assert unmarked == []


@pytest.mark.fact("P17")
def test_what_is_seen_of_a_visit_is_observed(datamap: DataMap) -> None:
    seen = {
        cell.name: cell.provenance for table, cell in cells(datamap) if table.name in ("security_log", "product_use")
    }
    observed = ("ip", "operating_system", "platform", "screen", "response_ms", "arrived_by", "left_by", "product")
    assert {seen[name] for name in observed} == {Provenance.OBSERVED}
