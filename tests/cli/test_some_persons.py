"""The sweep of some persons: their rows are swept as by a full one, at once, and nobody else's are touched."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ombud.app.closely import sweeping as closely
from ombud.app.loaded import Loaded, Refused, Surroundings, load
from ombud.app.sources import opened
from ombud.app.sweeping_persons import Living, OfPersons, carry_out, foretell
from ombud.engine.batch import Batches
from ombud.engine.persons import Asked
from ombud.engine.sweep import Sweep
from ombud.policy.model import BasisKind
from ombud.terms import IdRef, KeyRef
from tests.cli.conftest import Place

BEA = KeyRef("shop", "customer", (2,), "2019-01-01")
ADA = KeyRef("shop", "customer", (1,), "2019-01-01")


def _loaded(place: Place) -> Loaded:
    around = Surroundings({}, lambda: datetime(2026, 6, 1, 10, tzinfo=UTC), bytes)
    loaded, findings = load(place.directory, around)
    assert loaded is not None, findings
    return loaded


def _swept(place: Place, persons: Asked, source: str = "shop", **how: bool) -> OfPersons:
    loaded = _loaded(place)
    with opened(loaded, source) as there:
        return carry_out(loaded, there, persons, "request-7", **how)


def _end(place: Place, who: str) -> None:
    result = place.run("mark", "ended", "--subject", who, "--ground", "Art. 17(1)(b)", "--purpose", "delivery",
                       "--every-purpose")  # fmt: skip
    assert result.exit_code == 0, result.output


def test_whose_claims_a_mark_ends_goes_at_once_and_who_is_due_beside_them_waits(project: Place) -> None:
    _end(project, "email=bea@x.example")
    done = _swept(project, Asked(frozenset({BEA}), frozenset({("email", "bea@x.example")})))
    assert project.sql("shop", "SELECT name FROM customer ORDER BY id") == [("Ada",), ("Cia",), ("Dan",), ("Eva",)]
    assert project.sql("shop", "SELECT id, customer_id, goods, deliver_to FROM orders ORDER BY id") == [
        (10, 1, "lamp", "Ada"), (11, 1, "chair", "Ada"), (12, None, "table", None)]  # fmt: skip
    assert done.complete
    assert done.found == {"customer": 1, "orders": 1}
    assert done.tables["customer"].deleted == 1
    assert done.tables["orders"].blanked["deliver_to"] == 1
    assert done.receipts == {"customer": 1, "orders": 1}


def test_what_stays_is_told_with_the_claims_that_keep_it(project: Place) -> None:
    _end(project, "email=bea@x.example")
    done = _swept(project, Asked(frozenset({BEA})))
    assert done.stay["orders"].rows == 1
    assert done.stay["orders"].claims == (Living("bookkeeping", BasisKind.LEGAL_OBLIGATION, "north", 1),)
    assert "customer" not in done.stay
    assert {each.why for each in done.over["customer"]} == {"ended or objected to by a mark"}


def test_the_full_plan_that_waits_can_still_be_applied(project: Place) -> None:
    path = project.plan()
    _swept(project, Asked(frozenset({ADA})))
    assert project.counts() == (4, 2, 2)
    result = project.apply(path)
    assert result.exit_code == 0, result.output
    assert project.counts() == (4, 2, 1)


def test_what_would_be_done_is_told_and_nothing_is(project: Place) -> None:
    loaded = _loaded(project)
    with opened(loaded, "shop") as there:
        told = foretell(loaded, there, Asked(frozenset({ADA})), "request-7")
    assert not told.done
    assert told.due["customer"].deleted == 1
    assert project.counts() == (5, 3, 2)


def test_a_hash_alone_finds_the_same_as_a_value(project: Place) -> None:
    digest, _ = _loaded(project).keys()
    done = _swept(project, Asked(frozenset({IdRef("email", digest("email", "ADA@x.example"))})))
    assert done.found == {"customer": 1, "orders": 2}
    assert project.counts() == (4, 2, 2)


def test_rows_that_name_a_person_by_an_identifier_are_found(project: Place) -> None:
    done = _swept(project, Asked(frozenset(), frozenset({("email", "Ada@X.example")})), "desk")
    assert done.found == {"ticket": 1}
    assert project.counts() == (5, 3, 1)


def test_nobody_is_swept_by_an_identifier_that_others_have_too(project: Place) -> None:
    project.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id = 4")
    done = _swept(project, Asked(frozenset(), frozenset({("email", "home@x.example")})))
    assert done.found == {}
    assert project.counts() == (5, 3, 2)


def test_marks_that_a_source_has_not_acknowledged_refuse_its_sweep(project: Place) -> None:
    _end(project, "email=bea@x.example")
    before = project.directory / "shop.db"
    project.sql("shop", "UPDATE ombud_meta SET value = '0' WHERE name = 'marks'")
    assert before.exists()
    with pytest.raises(Refused) as refused:
        _swept(project, Asked(frozenset({BEA})))
    assert [finding.code for finding in refused.value.findings] == ["C047"]


def test_many_at_once_are_refused_above_the_share_unless_somebody_allows_it(project: Place) -> None:
    everybody = Asked(frozenset({ADA, KeyRef("shop", "customer", (3,), "2019-01-01")}))
    project.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id = 3")
    with pytest.raises(Refused) as refused:
        _swept(project, everybody, bulk=True)
    assert [finding.code for finding in refused.value.findings] == ["C046"]
    assert project.counts() == (5, 3, 2)
    assert _swept(project, everybody, bulk=True, allow=True).tables["customer"].deleted == 2


@pytest.mark.parametrize("way", ["closely", "at once", "frozen"])
def test_a_sweep_that_was_killed_goes_on_when_the_request_is_carried_out_again(
    project: Place, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        if way == "closely":
            killed.setattr("ombud.engine.decided.together", dies)
        else:
            killed.setattr(closely, "at_once", lambda *_: None)
        if way == "frozen":
            killed.setattr(Sweep, "at_once", lambda *_: None)
        killed.setattr(Batches, "effect", dies)
        with pytest.raises(KeyboardInterrupt):
            _swept(project, Asked(frozenset({ADA})))
    assert project.counts() == (5, 3, 2)
    done = _swept(project, Asked(frozenset({ADA})))
    assert done.complete
    assert project.counts() == (4, 2, 2)


def test_it_is_taken_neither_for_a_full_sweep_nor_for_a_day(project: Place) -> None:
    notes = "SELECT name, value FROM ombud_meta WHERE name IN ('plan', 'plan_done', 'plan_day', 'swept', 'plan_since')"
    project.apply(project.plan())
    before = project.sql("shop", notes)
    project.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id = 3")
    _swept(project, Asked(frozenset({KeyRef("shop", "customer", (3,), "2019-01-01")})))
    assert project.sql("shop", notes) == before
