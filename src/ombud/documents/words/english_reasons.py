"""English: why something ends, stays, is limited or is refused, by article of the GDPR."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "article.paragraph": "({part})",
    "article.point": "({part})",
    "articles": "Articles {articles} GDPR",
    # Art. 17(1), 21 and 7(3): why a use ends, and the data goes
    "because.ends.17(1)(a)": "the data is no longer needed for what it was collected for",
    "because.ends.17(1)(b)": "this rested on your consent, which does not apply any more",
    "because.ends.17(1)(c), 21(2)": "you have said no to direct marketing",
    "because.ends.17(1)(c), 21(1)": "you have said no to this use",
    "because.ends.17(1)(d)": "the data has been used without support in law",
    "because.ends.17(1)(e)": "the law demands that the data is erased",
    "because.ends.21(1)": "you have said no to this use",
    "because.ends.21(2)": "you have said no to direct marketing",
    "because.ends.7(3)": "you have taken back your consent",
    # Art. 17(3), 21(1): why it stays
    "because.stays.17(3)(a)": "the data is needed for freedom of expression and information",
    "because.stays.17(3)(b)": "a law demands that we keep the data",
    "because.stays.17(3)(c)": "the data is needed for public health",
    "because.stays.17(3)(d)": "the data is needed for archives, research or statistics in the public interest",
    "because.stays.17(3)(e)": "the data is needed so that somebody can assert their rights in a dispute",
    "because.stays.21(1)": "there are compelling reasons to go on, and they weigh more",
    "because.stays.6(1)": "the data is still needed for what it was collected for",
    "because.stays.21(1), (2)": "the right to say no does not cover this use",
    "because.stays.not_asked": "your request was not about this",
    "because.stays.held": "the data is kept while a dispute lasts, and erased after it",
    "because.stays.restricted": "the data is restricted, and erased when the restriction ends",
    # Art. 18(1): why it is stored and not used
    "because.limits.18(1)(a)": "you have said that the data is wrong, and that is being examined",
    "because.limits.18(1)(b)": "the data has been used without support in law, and you want it kept rather than erased",
    "because.limits.18(1)(c)": "you need the data to assert your rights in a dispute",
    "because.limits.18(1)(d)": "you have said no to this use, and whether our reasons weigh more is being examined",
    # Art. 18(2): what may be done all the same
    "allowed.consent": "what you yourself consent to",
    "allowed.legal_claims": "asserting or defending a right in a dispute",
    "allowed.others_rights": "protecting somebody else's rights",
    "allowed.public_interest": "what an important public interest demands",
    # Art. 12(5), 11(2)
    "because.refused.excessive": "the request is excessive, for example because the same was asked again and again",
    "because.refused.manifestly_unfounded": "the request is manifestly unfounded",
    "because.refused.unidentified": "we cannot tell which data is yours",
    "because.refused.exempt": "a law makes an exception from what you asked for",
}
