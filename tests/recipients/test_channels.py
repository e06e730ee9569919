"""How a recipient is told stands in the project file; a secret does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ombud.adapters.mail import Mail
from ombud.adapters.webhook import Webhook
from ombud.app.channels import ByMail, ByPost, ByWebhook
from ombud.app.messengers import messengers
from ombud.app.project import load_text
from tests.recipients.group import Group
from tests.recipients.test_messengers import SECRET

HEAD = 'policy: p\ndatamaps: d\nsources: {a: {url: "sqlite:///a.db"}}\n'
MAIL = 'mail: {url: "${SMTP_URL}", from: dataskydd@barnvik.example}\n'
EVERY = (
    MAIL
    + """\
recipients:
  caterer: {email: koket@smorgas.example}
  partner: {webhook: "${PARTNER_URL}", secret: "${PARTNER_SECRET}"}
  supplier: {post: "Box 1, 111 11 Stockholm"}
"""
)
ENVIRON = {
    "SMTP_URL": "smtp://ombud:sesam@mail.barnvik.example",
    "PARTNER_URL": "https://partner.example/hook",
    "PARTNER_SECRET": SECRET,
}


def codes(said: str) -> list[str]:
    return [finding.code for finding in load_text(Path(), HEAD + said)[1]]


def test_each_recipient_has_its_way() -> None:
    project, findings = load_text(Path(), HEAD + EVERY)
    assert project is not None
    assert findings == ()
    ways = project.channels.by
    assert {name: type(way) for name, way in ways.items()} == {
        "caterer": ByMail,
        "partner": ByWebhook,
        "supplier": ByPost,
    }
    found, findings = messengers(project.channels, ENVIRON)
    assert findings == ()
    assert {name: type(way) for name, way in found.items()} == {"caterer": Mail, "partner": Webhook}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("recipients: {caterer: {email: koket@smorgas.example}}", "C163"),
        (MAIL + "recipients: {caterer: {email: koket}}", "C162"),
        ('recipients: {caterer: {webhook: "http://smorgas.example/", secret: "${S}"}}', "C162"),
        ('recipients: {caterer: {webhook: "https://smorgas.example/", secret: "whsec_hush"}}', "C161"),
        ('recipients: {caterer: {webhook: "https://smorgas.example/"}}', "C007"),
        ('recipients: {caterer: {email: a@b.example, post: "Box 1"}}', "C007"),
        ('recipients: {caterer: {webhook: "https://s.example/", secret: "${S}", inside: [10.0.0.1/8]}}', "C162"),
        ('mail: {url: "http://mail.barnvik.example", from: a@b.example}', "C162"),
        ('mail: {url: "smtp://mail.barnvik.example", from: a@b.example, unencrypted: true}', "C162"),
        ('mail: {url: "smtp://ombud:sesam@mail.barnvik.example", from: a@b.example}', "C020"),
        ('mail: {url: "${SMTP_URL}", from: "a@b.example, c@d.example"}', "C009"),
    ],
)
def test_what_cannot_be_used_is_a_finding_that_repeats_no_secret(said: str, code: str) -> None:
    assert codes(said) == [code]
    told = "".join(map(str, load_text(Path(), HEAD + said)[1]))
    assert "hush" not in told
    assert "sesam" not in told


def test_loopback_without_tls_has_to_be_said() -> None:
    hook = 'recipients: {caterer: {webhook: "http://127.0.0.1:8080/", secret: "${S}"'
    assert codes(hook + "}}") == ["C162"]
    assert codes(hook + ", inside: [127.0.0.0/8]}}") == []
    assert codes('mail: {url: "smtp://127.0.0.1:1025", from: a@b.example, unencrypted: true}') == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SMTP_URL", "", "C021"),
        ("SMTP_URL", "mail.barnvik.example", "C162"),
        ("PARTNER_URL", "http://partner.example/", "C162"),
        ("PARTNER_SECRET", "sesam", "C161"),
        ("PARTNER_SECRET", "", "C021"),
    ],
)
def test_what_the_environment_says_is_looked_at_before_anything_is_sent(name: str, value: str, code: str) -> None:
    project, _ = load_text(Path(), HEAD + EVERY)
    assert project is not None
    found, findings = messengers(project.channels, {**ENVIRON, name: value})
    assert [finding.code for finding in findings] == [code]
    assert len(found) == 1
    assert not any("sesam" in str(finding) for finding in findings)


def test_a_recipient_that_the_policy_does_not_have_is_refused(group: Group) -> None:
    group.say('recipients: {catrer: {post: "Box 1"}}\n')
    assert "C160" in group.codes("check")
