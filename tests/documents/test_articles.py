"""Why, in words first: an article is told as the language writes it, and every one that can be given has words."""

from __future__ import annotations

import pytest

from ombud.app.requests.fates import HELD, RESTRICTED
from ombud.documents.articles import OF_REFUSAL, Side, article_in, because
from ombud.documents.words import LANGUAGES, TEXTS
from ombud.policy.model import Allowed
from ombud.rights.events import Refusal
from ombud.rights.grounds import OF_CONTEST, OF_EXCEPTION, OF_GROUND
from ombud.rights.ladder import Way
from ombud.rights.objecting import CONSENT_BACK, TO_INTERESTS, TO_MARKETING

GIVEN = [
    *((Side.ENDS, article) for article in (*OF_GROUND.values(), TO_MARKETING, TO_INTERESTS, CONSENT_BACK)),
    *((Side.STAYS, article) for article in OF_EXCEPTION.values()),
    *((Side.LIMITS, article) for article in OF_CONTEST.values()),
    *((Side.REFUSED, str(why)) for why in Refusal),
]
WITHOUT_ARTICLE = {f"because.stays.{each}" for each in ("not_asked", HELD, RESTRICTED)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("side", "given"), GIVEN)
def test_whatever_is_decided_is_told_in_words_before_its_article(side: Side, given: str, language: str) -> None:
    told = because(side, given, language)
    assert "GDPR" in told or given == Refusal.EXEMPT
    assert not told.lower().startswith(("art", given[:3].lower()))
    assert "Art." not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_kept_for_what_nothing_gives(language: str) -> None:
    given = {f"because.{side}.{each.removeprefix('Art. ')}" for side, each in GIVEN} | WITHOUT_ARTICLE
    assert {key for key in TEXTS[language] if key.startswith("because.")} == given
    assert {key for key in TEXTS[language] if key.startswith("allowed.")} == {f"allowed.{each}" for each in Allowed}
    assert {key for key in TEXTS[language] if key.startswith("way.")} == {f"way.{each}" for each in Way}
    assert set(OF_REFUSAL) <= set(Refusal)


@pytest.mark.parametrize(
    ("written", "sv", "en"),
    [
        ("17(1)(c), 21(2)", "artiklarna 17.1 c och 21.2 i GDPR", "Articles 17(1)(c) and 21(2) GDPR"),
        ("21(1), (2)", "artiklarna 21.1 och 21.2 i GDPR", "Articles 21(1) and 21(2) GDPR"),
        ("7(3)", "artikel 7.3 i GDPR", "Article 7(3) GDPR"),
        ("77", "artikel 77 i GDPR", "Article 77 GDPR"),
        ("(2)", "", ""),
        ("bokföringslagen", "", ""),
    ],
)
def test_an_article_is_written_as_the_language_writes_it(written: str, sv: str, en: str) -> None:
    assert article_in(written, "sv") == sv
    assert article_in(written, "en") == en


def test_an_article_without_words_stands_alone_and_what_is_none_as_it_is() -> None:
    assert because(Side.ENDS, "Art. 99(1)", "sv") == "artikel 99.1 i GDPR"
    assert because(Side.ENDS, "Artikel 17.1 c", "sv") == "Artikel 17.1 c"
    assert because(Side.ENDS, "", "sv") == ""
