"""SPAR: each accepts the other's certificate alone, a fault is passing or permanent, and nothing personal is logged."""

from __future__ import annotations

import builtins
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ombud.adapters.population_spar import VARIABLES, Spar, settings
from ombud.rights.population import Entry, NotFound, Passing, Permanent
from tests.identity.certificates import Authority
from tests.identity.people import ANNA, EVERYBODY, MARKED, NOW, STRANGER, number
from tests.identity.spar.server import WSDL, Service, answer, envelope, post, serving
from tests.identity.test_population import given, spar


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("spar"), EVERYBODY) as service:
        yield service


@pytest.fixture
def service(running: Service) -> Iterator[Service]:
    yield running
    running.says, running.waits, running.headers = None, 0.0, {}
    running.heard.clear()


def test_the_question_names_the_licence_and_who_asks(service: Service) -> None:
    spar(service).look_up(ANNA.number)
    (heard,) = service.heard
    assert heard.count(b">500001<") == 2
    for said in (b"UppdragId>1<", b"SlutAnvandarId>maria<", b">" + ANNA.number.encode() + b"<"):
        assert said in heard


def test_what_is_no_number_is_not_asked_for(service: Service) -> None:
    assert isinstance(spar(service).look_up("198112189870"), NotFound)
    assert service.heard == []


def test_the_service_is_not_trusted_under_another_authority(service: Service, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    with pytest.raises(Permanent, match="certificates"):
        Spar(replace(given(service), authority=str(other.path)), "maria", lambda: NOW).look_up(ANNA.number)


def test_the_service_answers_nobody_without_a_certificate_of_its_authority(service: Service, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "stranger").sign("stranger")
    mine = replace(given(service), certificate=str(stranger.certificate), private_key=str(stranger.key))
    with pytest.raises(Permanent, match="certificates"):
        Spar(mine, "maria", lambda: NOW).look_up(ANNA.number)
    assert service.heard == []


FAULTS = [
    (500, envelope("<S:Fault><faultcode>S:Server</faultcode><faultstring>Anna Lind</faultstring></S:Fault>"), Passing),
    (500, envelope("<S:Fault><faultcode>S:Client</faultcode><detail>Anna Lind</detail></S:Fault>"), Permanent),
    (200, envelope("<S:Fault><faultcode>Anna Lind fell</faultcode></S:Fault>"), Passing),
    (503, "Anna Lind", Passing),
    (429, "", Passing),
    (403, "Anna Lind", Permanent),
    (500, "Anna Lind", Passing),
    (200, "Anna Lind", Permanent),
    (200, "", Permanent),
    (200, envelope(""), Permanent),
    (200, answer("<undantag:Undantag><undantag:Kod>17</undantag:Kod><undantag:Beskrivning>Anna Lind"
                 "</undantag:Beskrivning></undantag:Undantag>"), Permanent),
    (200, answer("<undantag:OverstigerMaxAntalSvarsposter/>"), Permanent),
    (200, answer(post(MARKED), ANNA.number), Permanent),
    (200, answer(post(ANNA) + post(ANNA), ANNA.number), Permanent),
    (200, '<!DOCTYPE x [<!ENTITY a "Anna Lind">]><x>&a;</x>', Permanent),
]  # fmt: skip


@pytest.mark.parametrize(("status", "text", "kind"), FAULTS)
def test_a_fault_is_passing_or_permanent_and_quotes_nothing(
    service: Service, status: int, text: str, kind: type[Exception]
) -> None:
    asked = spar(service)
    service.says = (status, text)
    with pytest.raises(kind) as said:
        asked.look_up(ANNA.number)
    assert "Anna" not in str(said.value)
    assert said.value.__cause__ is None
    assert said.value.__context__ is None or said.value.__suppress_context__


def test_a_question_is_not_carried_elsewhere_by_a_redirection(service: Service) -> None:
    asked = spar(service)
    service.says, service.headers = (307, ""), {"Location": service.url}
    with pytest.raises(Permanent, match="307"):
        asked.look_up(ANNA.number)
    assert len(service.heard) == 1


def test_a_service_that_does_not_answer_in_time_or_is_not_there_is_asked_again_later(service: Service) -> None:
    hasty = Spar(given(service), "maria", lambda: NOW, (1.0, 0.2))
    service.waits = 0.6
    with pytest.raises(Passing, match="in time"):
        hasty.look_up(ANNA.number)
    nowhere = Spar(replace(given(service), url="https://127.0.0.1:9/"), "maria", lambda: NOW)
    with pytest.raises(Passing, match="reached"):
        nowhere.look_up(ANNA.number)


@pytest.mark.parametrize(
    ("flags", "protected"),
    [
        ("<skydd:Sekretessmarkering>NEJ</skydd:Sekretessmarkering>", (False, True)),
        ("<skydd:SkyddadFolkbokforing>NEJ</skydd:SkyddadFolkbokforing>", (True, False)),
        ("", (True, True)),
        (
            '<skydd:Sekretessmarkering sattAvSPAR="JA">JA</skydd:Sekretessmarkering>'
            "<skydd:SkyddadFolkbokforing>JA</skydd:SkyddadFolkbokforing>",
            (True, True),
        ),
        (
            "<skydd:Sekretessmarkering>nej</skydd:Sekretessmarkering>"
            "<skydd:SkyddadFolkbokforing> NEJ </skydd:SkyddadFolkbokforing>",
            (True, False),
        ),
    ],
)
def test_a_flag_that_is_not_clearly_no_protects(service: Service, flags: str, protected: tuple[bool, bool]) -> None:
    asked = spar(service)
    service.says = (200, answer(post(ANNA, flags), ANNA.number))
    found = asked.look_up(ANNA.number)
    assert isinstance(found, Entry)
    assert (found.confidential, found.protected_registration) == protected
    assert found.address is None


def test_history_is_not_taken_for_today_nor_a_special_address_for_the_registered_one(service: Service) -> None:
    found = spar(service).look_up(ANNA.number)
    assert isinstance(found, Entry)
    assert "Formerly" not in found.name
    assert found.address is not None
    assert found.address.lines == ("Storgatan 1 lgh 1102",)


def test_a_number_that_was_given_up_does_not_lead_to_the_new_one(service: Service) -> None:
    for entry in EVERYBODY:
        found = spar(service).look_up(entry.number)
        assert "198901012384" not in _all_fields(found)


def _all_fields(found: Entry | NotFound) -> str:
    return " ".join(str(getattr(found, name)) for name in found.__slots__)


def test_nothing_personal_is_logged_at_any_level(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for name in ("zeep", "zeep.transports", "urllib3"):
            caplog.set_level(logging.DEBUG, name)
        spar(service).look_up(ANNA.number)
    assert caplog.records
    for secret in (ANNA.number, "Lind", "Storgatan"):
        assert secret not in caplog.text


def test_a_description_with_a_repeated_choice_asks_the_same_question(service: Service, tmp_path: Path) -> None:
    text = WSDL.read_text(encoding="utf-8")
    path = tmp_path / "repeated.wsdl"
    path.write_text(text.replace("<xs:choice>", '<xs:choice maxOccurs="unbounded">'), encoding="utf-8")
    assert Spar(given(service, path), "maria", lambda: NOW).look_up(ANNA.number) == ANNA


def test_a_description_that_is_none_is_permanent(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "none.wsdl"
    path.write_text("<html/>", encoding="utf-8")
    for wsdl in (path, tmp_path / "away.wsdl"):
        with pytest.raises(Permanent):
            Spar(given(service, wsdl), "maria", lambda: NOW)


def test_a_setting_that_is_missing_is_named(service: Service) -> None:
    whole = dict.fromkeys(VARIABLES.values(), "1") | {"OMBUD_SPAR_URL": "https://spar.example/"}
    assert settings(whole).assignment == 1
    for variable in VARIABLES.values():
        with pytest.raises(Permanent, match=variable):
            settings(whole | {variable: ""})
    for variable, wrong in (("OMBUD_SPAR_CUSTOMER", "abc"), ("OMBUD_SPAR_URL", "http://spar.example/")):
        with pytest.raises(Permanent, match=variable):
            settings(whole | {variable: wrong})


def test_without_zeep_it_says_what_to_install(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def importing(name: str, *args: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "zeep":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(Permanent, match=r"ombud\[spar\]"):
        spar(service)


def test_a_stranger_is_not_found(service: Service) -> None:
    assert isinstance(spar(service).look_up(STRANGER), NotFound)
    assert isinstance(spar(service).look_up(number("19990909", 989)), NotFound)
