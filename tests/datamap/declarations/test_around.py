"""What stands around declarations: who gets data, whose systems are, where the data lies."""

from __future__ import annotations

from typing import Any

import pytest

from ombud.datamap.guess.form import NotFideslang
from ombud.policy.model import RecipientRole
from tests.datamap.declarations.stories import decided, declared, drafted, explained, system, text

CARRIER = system(key="parcels", name="Parcel carrier", system_type="Third Party", responsibility=["Processor"])


def to(*keys: str, kind: str = "system") -> list[dict[str, Any]]:
    return [{"fides_key": key, "type": kind} for key in keys]


def test_third_parties_are_recipients_once_for_all() -> None:
    said = {"data_shared_with_third_parties": True, "third_parties": "Mail houses"}
    made = text(system(declared(name="a", **said), declared(name="b", **said)))
    policy = decided(made)
    assert list(policy.recipients) == ["mail_houses"]
    assert policy.recipients["mail_houses"].role == RecipientRole.THIRD_PARTY
    assert {one.recipients for one in policy.purposes["company"].values()} == {("mail_houses",)}
    assert explained(made)


def test_sharing_with_nobody_named_is_not_sharing_with_nobody() -> None:
    assert "unnamed_third_party" in text(system(declared(data_shared_with_third_parties=True)))
    assert "unnamed_third_party" in text(system(declared(data_use="third_party_sharing")))


def test_third_parties_beside_a_denial_are_left_out_and_told() -> None:
    made = text(system(declared(data_shared_with_third_parties=False, third_parties="Mail houses")))
    assert "recipients:" not in made
    assert 'third_parties "Mail houses" is left out' in made


def test_data_that_goes_to_somebody_elses_system_has_a_recipient() -> None:
    made = text(
        system(declared(egress=["parcels"]), egress=to("parcels", "own")), CARRIER, system(declared(), key="own")
    )
    policy = decided(made)
    assert policy.recipients["parcels"].role == RecipientRole.PROCESSOR
    assert policy.recipients["parcels"].title == {"en": "Parcel carrier"}


def test_a_system_of_ones_own_and_the_person_are_no_recipients() -> None:
    flows = [*to("own"), *to("user", kind="user")]
    made = text(system(declared(), egress=flows), system(declared(name="x"), key="own"))
    assert "recipients:" not in made
    assert "egress to own is no recipient" in made


def test_what_a_whole_system_sends_is_told_where_a_declaration_names_nothing() -> None:
    made = text(system(declared(), egress=to("parcels")), CARRIER)
    assert "recipients: [parcels]" in made
    assert "see whether this goes there" in made


def test_systems_that_send_to_one_another_end() -> None:
    assert "purposes:" in text(system(declared(), egress=to("b")), system(declared(), key="b", egress=to("shop")))


def test_an_organisation_is_a_company_and_several_are_several() -> None:
    whose = [
        {"fides_key": "n", "name": "Tallvik Norr"},
        {"fides_key": "s", "name": "Tallvik Syd", "controller": {"a": "b"}},
    ]
    made = text(
        system(declared(name="a"), organization_fides_key="n"),
        system(declared(name="b"), key="desk", organization_fides_key="s"),
        organization=whose,
    )
    policy = decided(made.replace("registration_number: ~", "registration_number: 559999-1022", 1))
    assert list(policy.companies) == ["tallvik_norr", "tallvik_syd"]
    assert set(policy.purposes["tallvik_norr"]) == {"a"}
    assert "not read: controller" in made


def test_purposes_are_bound_to_the_sources_that_systems_name() -> None:
    made = drafted(
        system(declared(name="a", dataset_references=["crm"]), declared(name="b"), dataset_references=["web"]),
        system(declared(name="c"), key="lone"),
        system(declared(name="d"), key="fed", ingress=to("crm", kind="dataset")),
    )
    assert {key: dict(each.purposes) for key, each in made.sources.items()} == {
        "crm": {"a": "dataset_references", "d": "ingress"},
        "web": {"b": "dataset_references"},
    }
    assert made.homeless == ("c",)


def test_a_dataset_that_data_goes_to_is_a_source_and_no_recipient() -> None:
    made = drafted(system(declared(name="a"), egress=to("crm", kind="dataset")))
    assert made.recipients == ()
    assert made.sources["crm"].purposes == {"a": "egress"}


def test_a_dataset_beside_says_which_tables() -> None:
    crm = {
        "fides_key": "crm",
        "collections": [
            {"name": "customers", "fields": [{"name": "mail", "data_categories": ["user.contact.email"]}]},
            {"name": "bills", "fields": [{"name": "card", "data_categories": ["user.payment"]}]},
            {"name": "logs", "fields": [{"name": "n"}]},
        ],
    }
    one, two = declared(name="a"), declared(name="b", data_categories=["user.payment"])
    made = text(system(one, two, dataset_references=["crm"]), dataset=[crm])
    assert '#     "customers": {purposes: [a]}' in made
    assert '#     "bills": {purposes: [b]}' in made
    assert '"logs"' not in made


@pytest.mark.parametrize(
    ("said", "message", "where"),
    [
        ({"privacy_declarations": {}}, "privacy_declarations is no list", ("privacy_declarations",)),
        ({"privacy_declarations": ["a"]}, "no mapping", ("privacy_declarations", 0)),
        (
            {"privacy_declarations": [{"data_use": ["a"]}]},
            "data_use is a list",
            ("privacy_declarations", 0, "data_use"),
        ),
        ({"privacy_declarations": [{"name": "a"}]}, "no data_use", ("privacy_declarations", 0)),
        ({"fides_key": {"a": "b"}}, "fides_key is a mapping", ("fides_key",)),
        ({"fides_key": None}, "no fides_key", ()),
        ({"egress": [{"type": "system"}]}, "without fides_key", ("egress", 0)),
        ({"dataset_references": [["a"]]}, "no list of datasets", ("dataset_references",)),
        (
            {"privacy_declarations": [declared(data_shared_with_third_parties="maybe")]},
            "neither true nor false",
            ("privacy_declarations", 0, "data_shared_with_third_parties"),
        ),
    ],
)
def test_another_form_is_told_with_its_place(said: dict[str, Any], message: str, where: tuple[str | int, ...]) -> None:
    with pytest.raises(NotFideslang, match=message) as told:
        drafted(system() | said)
    assert told.value.where == ("system", 0, *where)
    assert told.value.hint


def test_a_system_that_is_described_twice_or_declares_nothing_is_refused() -> None:
    with pytest.raises(NotFideslang, match="twice"):
        drafted(system(declared()), system(declared()))
    with pytest.raises(NotFideslang, match="no purpose"):
        drafted(system())
