"""The keys of a policy file: the one table that the reader, the JSON Schema and `spec/policy.md` agree on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ombud.policy.model import (
    OF_THE_RULES,
    AgreementKind,
    Allowed,
    Article9,
    BasisKind,
    OnErasure,
    RecipientRole,
    RequestWay,
    Safeguard,
    Use,
)
from ombud.policy.shape import (
    NAMED,
    Again,
    ByForm,
    Day,
    Flag,
    Key,
    Many,
    Named,
    Number,
    Record,
    Shape,
    Span,
    Steps,
    Text,
    Word,
)

NAME = r"[A-Za-z][A-Za-z0-9_]*"


def _name(what: str) -> Text:
    return Text(what, rf"^{NAME}$", "use letters a-z, digits and _")


def _names(what: str) -> Many:
    return Many(_name(what))


def _words(what: str, words: Iterable[str]) -> Word:
    return Word(what, tuple(str(w) for w in words))


SENTENCE = Text("text")
TITLE = Named("a language", SENTENCE, r"^[a-z]{2}$", 1)
TERM = Text(
    "a DPV term", r"^[a-z][a-z0-9-]*:[A-Za-z][A-Za-z0-9-]*$", "write it as prefix:Term, such as dpv:ServiceProvision"
)
TERMS = ByForm(TERM, Many(TERM, 1))
CATEGORY = Text("a category", rf"^{NAME}(\.{NAME})*$", "write a dotted path such as contact.email")
LINK = Text("a web address", r"^https://\S+$", "write https://…")
EMAIL = Text("an e-mail address", r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "write name@domain")
PROVENANCE = Word("a provenance", ("provided", "observed"))
INTERVAL = Text(
    "a fiscal year",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "write first/last day: 2025-09-01/2026-08-31",
    "P013",
)
REGULAR_YEARS = Record(
    "fiscal years",
    {
        "ends": Key(
            Text("a day of the year", r"^[0-9]{2}-[0-9]{2}$", "write MM-DD, such as 08-31"),
            "the last day of each, MM-DD",
            True,
        ),
        "first": Key(Number(1900, 2199), "the calendar year in which the first of them ends", True),
        "last": Key(Number(1900, 2199), "the calendar year in which the last of them ends", True),
    },
)
FISCAL_YEARS = ByForm(None, Many(ByForm(INTERVAL, None, REGULAR_YEARS), 1), REGULAR_YEARS)

CONTACT = Record(
    "contact",
    {
        "email": Key(EMAIL, "where to write"),
        "phone": Key(SENTENCE, "where to call"),
        "visit": Key(SENTENCE, "the street address"),
        "post": Key(SENTENCE, "the postal address"),
        "link": Key(LINK, "the web page"),
        "marking": Key(SENTENCE, "what to write on the envelope"),
    },
)
OFFICER = Record(
    "the officer",
    {
        "title": Key(TITLE, "what the officer is called, by language", True),
        "name": Key(SENTENCE, "who it is, if that is published"),
        **CONTACT.keys,
    },
)
REASON = Key(SENTENCE, "why it is so", True)
PORTABILITY = Record(
    "portability",
    {
        "observed": Key(
            Word("an answer", ("provided", "not_provided")),
            "whether what was observed counts as provided by the person; not_provided unless said",
            True,
        ),
        "reason": REASON,
    },
)
PROMPT = Record(
    "prompt",
    {"within": Key(Span(), "so many days after receipt, P31D at most; P7D unless said", True), "reason": REASON},
)
BY_HAND = Record(
    "what somebody decides",
    {
        "kinds": Key(
            Many(_words("a kind of request", OF_THE_RULES), 1),
            "decided by somebody in every case; rectify, erase, restrict, complain and claim always are",
            True,
        ),
        "reason": REASON,
    },
)
RESTRICTION = Record(
    "restriction",
    {
        "allows": Key(
            Many(_words("a use", Allowed)), "the uses of Art. 18(2) that it lets pass; all of them unless said", True
        ),
        "reason": REASON,
    },
)
STAFF = Record(
    "staff",
    {
        "confirm": Key(
            Word("when", ("each_version",)),
            "who handles requests has confirmed that they know the policy's version, each one anew",
            True,
        ),
        "reason": REASON,
    },
)
ORGANISATION = Record(
    "organisation",
    {
        "controller": Key(
            _name("a company, or `each`"), "the company that decides why and how, `each` for itself, or `joint`", True
        ),
        "officer": Key(OFFICER, "the data protection officer (Arts 37-39)"),
        "authority": Key(
            Record("the authority", {"name": Key(SENTENCE, "its name", True), "link": Key(LINK, "where to complain")}),
            "the supervisory authority (Art. 77)",
        ),
        "cookies": Key(
            Record(
                "the cookie policy", {"link": Key(LINK, "where it stands"), "version": Key(SENTENCE, "which version")}
            ),
            "the policy for cookies",
        ),
        "requests": Key(
            Record(
                "requests",
                {
                    "ways": Key(Many(_words("a way", RequestWay), 1), "how a person can ask", True),
                    "signature": Key(
                        Word("an answer", ("required", "not_required")), "whether a handwritten signature is asked for"
                    ),
                    "reply": Key(Word("an address", ("registered_address", "same_way")), "where the answer goes"),
                    "within": Key(Span(), "how soon it is answered (Art. 12(3))"),
                    "portability": Key(PORTABILITY, "what a person may take with them (Art. 20)"),
                    "prompt": Key(PROMPT, "how soon a question of identity is put, for the clock to stand still"),
                    "by_hand": Key(BY_HAND, "what the rules alone do not decide"),
                    "staff": Key(STAFF, "whether who handles requests has to confirm that they know the rules"),
                    "restriction": Key(RESTRICTION, "what restricted data may still be used for (Art. 18(2))"),
                },
            ),
            "how people use their rights",
        ),
        "automated_decisions": Key(Flag(), "whether decisions are made by machines alone (Art. 22)"),
    },
)
COMPANY = Record(
    "a company",
    {
        "name": Key(SENTENCE, "its registered name", True),
        "country": Key(
            Text("a country", r"^[A-Z]{2}$", "write two letters, such as SE"), "where it is registered (SE unless said)"
        ),
        "registration_number": Key(SENTENCE, "its number in the register of companies, with its check digit", True),
        "seat": Key(SENTENCE, "where its board has its seat"),
        "contact": Key(CONTACT, "how to reach it"),
        "fiscal_years": Key(FISCAL_YEARS, "its fiscal years: dated, or {ends, first, last}"),
    },
)
CATEGORY_NODE = Record(
    "a category",
    {
        "title": Key(TITLE, "its name, by language"),
        "special": Key(Flag(), "a special category (Art. 9); its parts are too"),
        "masked": Key(Flag(), "shown masked until someone gives a reason; its parts are too"),
        "provenance": Key(ByForm(PROVENANCE, Many(PROVENANCE, 1)), "whether people provide it, or it is observed"),
        "dpv": Key(TERMS, "its terms in W3C DPV"),
        "parts": Key(Again("categories"), "the categories it consists of"),
    },
)
NAMED["categories"] = Named("a category", ByForm(None, None, CATEGORY_NODE, empty=True), least=1)
MOMENT = Record(
    "a moment",
    {
        "title": Key(TITLE, "what happens, by language"),
        "open_for_at_most": Key(Span(), "a finding is raised where it has not come for longer"),
    },
)
STATE = Record(
    "a state",
    {
        "from": Key(_name("a moment"), "the moment it begins; without it, it always has"),
        "until": Key(_name("a moment"), "the moment it ends; without it, it never does"),
        "title": Key(TITLE, "its name, by language"),
    },
)
REGION = Record(
    "a region",
    {
        "title": Key(TITLE, "its name, by language"),
        "safeguard": Key(_words("a safeguard", Safeguard), "what lets data go there (Chapter V)", True),
    },
)
AGREEMENT = Record(
    "an agreement",
    {
        "title": Key(TITLE, "its name, by language"),
        "kind": Key(
            _words("a kind of agreement", AgreementKind), "processing (Art. 28), joint (Art. 26) or disclosure", True
        ),
        "dated": Key(Day(), "the day it was signed", True),
        "allows": Key(TITLE, "how the recipient may use the data, by language", True),
    },
)
RECIPIENT = Record(
    "a recipient",
    {
        "title": Key(TITLE, "its name, by language"),
        "role": Key(_words("a role", RecipientRole), "what the recipient is (Art. 4)", True),
        "agreement": Key(_name("an agreement"), "the written agreement; only an authority needs none"),
        "regions": Key(Many(_name("a region"), 1), "where it handles data", True),
        "own_marketing": Key(Flag(), "whether it may use the data for its own marketing"),
        "dpv": Key(TERMS, "its terms in W3C DPV"),
    },
)
BASES = Record(
    "basis",
    {
        str(kind): Key(
            ByForm(
                None,
                None,
                Record(
                    "a basis",
                    {
                        "while": Key(_name("a state"), "it holds only in this state"),
                        "statute": Key(ByForm(SENTENCE, Many(SENTENCE, 1)), "the statute, by name and number"),
                    },
                ),
                empty=True,
            ),
            "Art. 6(1) GDPR",
        )
        for kind in BasisKind
        if kind not in (BasisKind.UNSTATED, BasisKind.NONE)
    },
    least=1,
)
BASIS = ByForm(_words("a legal basis", BasisKind), Many(_words("a legal basis", BASES.keys), 1), BASES)
STEP = Text(
    "a step",
    r"^(P[0-9YMWD]+|end of (month|year|fiscal_year)|day before)$",
    "write a period such as P7Y, `end of month`, `end of year`, `end of fiscal_year` or `day before`",
)
KEEP = ByForm(
    Word("a clock", ("unstated",)),
    Steps(_name("a moment"), STEP),
    Record(
        "keep",
        {
            "after": Key(_name("a moment"), "the day of this moment is not counted"),
            "from": Key(_name("a moment"), "the day of this moment is counted"),
            "for": Key(Span(), "for how long"),
            "until": Key(_name("a moment"), "through the day of this moment"),
            "while": Key(_name("a state"), "as long as this state holds"),
        },
        (frozenset({"after", "for"}), frozenset({"from", "for"}), frozenset({"until"}), frozenset({"while"})),
    ),
)
PURPOSE = Record(
    "a purpose",
    {
        "title": Key(TITLE, "what it is, by language"),
        "clause": Key(SENTENCE, "where the published text says it"),
        "dpv": Key(TERMS, "its terms in W3C DPV"),
        "basis": Key(BASIS, "the legal basis or bases (Art. 6(1)), `unstated`, or `none` for no personal data", True),
        "data": Key(Many(CATEGORY, 1), "the categories it may use, by dotted path; a path covers its parts"),
        "keep": Key(KEEP, "the clock: how long it holds the data"),
        "bound": Key(Word("a bound", ("at_most", "at_least")), "at_least: a duty to keep"),
        "erasure": Key(_words("an effect", OnErasure), "what a request for erasure does to it"),
        "use": Key(Many(_words("a kind of use", Use)), "kinds of use that change what the law allows"),
        "recipients": Key(_names("a recipient"), "who gets the data; nobody unless said"),
        "article9": Key(_words("a condition", Article9), "the condition for special categories (Art. 9(2))"),
        "if_not_given": Key(TITLE, "what not giving the data means (Art. 13(2)(e)), by language"),
        "companies": Key(Many(_name("a company"), 1), "the companies that have it; all unless said"),
    },
    apart=frozenset({"basis", "data", "keep"}),
)
ACCEPTED = Record(
    "an accepted finding",
    {
        "code": Key(
            Text("a finding's code", r"^[A-Z][0-9]{2,3}$", "write it as the finding shows it"), "which finding", True
        ),
        "at": Key(SENTENCE, "what it is about, as the finding says it: purposes.newsletter", True),
        "reason": Key(SENTENCE, "why it stands", True),
        "review": Key(Day(), "when it is looked at again"),
    },
)

_HEAD = {
    "version": Key(SENTENCE, "the version of this text, in quotes"),
    "dated": Key(Day(), "the day from which it holds"),
}


def _table(what: str, of: Shape) -> Named:
    return Named(what, of)


GROUP = Record(
    "the group's policy",
    {
        "group": Key(SENTENCE, "what the group is called", True),
        **_HEAD,
        "zone": Key(
            Text("a time zone", rf"^{NAME}([/+-][A-Za-z0-9_+-]+)*$"),
            "the IANA time zone whose calendar days count",
            True,
        ),
        "undo": Key(
            Span(),
            "how long an objection to direct marketing only restricts, before it deletes (in days; P30D unless said)",
        ),
        "reconcile": Key(Span(), "how often a full look replaces the daily window (in days; P7D unless said)"),
        "organisation": Key(ORGANISATION, "who answers for the policy"),
        "companies": Key(Named("a company", COMPANY, least=1), "the companies of the group", True),
        "categories": Key(Again("categories"), "the tree of personal data", True),
        "moments": Key(
            _table("a moment", ByForm(None, None, MOMENT, empty=True)),
            "what starts clocks; the data map says where they stand",
        ),
        "states": Key(_table("a state", STATE), "stretches between two moments"),
        "regions": Key(_table("a region", REGION), "where data may be"),
        "agreements": Key(_table("an agreement", AGREEMENT), "the written agreements"),
        "recipients": Key(_table("a recipient", RECIPIENT), "who data is handed to"),
        "purposes": Key(Named("a purpose", PURPOSE, least=1), "why data is held", True),
        "accepted": Key(Many(ACCEPTED), "findings that stand, each with its reason"),
    },
)
REFINED = replace(
    PURPOSE, keys={name: replace(key, required=False) for name, key in PURPOSE.keys.items() if name != "companies"}
)
GROUP_ALONE = ("group", "zone", "undo", "reconcile", "organisation", "companies", "moments", "states")
COMPANY_FILE = Record(
    "a company's policy",
    {
        "company": Key(_name("a company"), "the company of the group that this file is for", True),
        **_HEAD,
        "categories": Key(Again("categories"), "categories the group does not have"),
        "regions": Key(_table("a region", REGION), "regions the group does not have"),
        "agreements": Key(_table("an agreement", AGREEMENT), "agreements of its own"),
        "recipients": Key(_table("a recipient", RECIPIENT), "recipients of its own"),
        "purposes": Key(
            _table("a purpose", ByForm(Word("a purpose", ("none",)), None, REFINED)),
            "what differs: keys of the group's purposes, purposes of its own, `none` for what it does not do",
        ),
        "accepted": Key(Many(ACCEPTED), "findings that stand, each with its reason"),
    },
    elsewhere=dict.fromkeys(GROUP_ALONE, "it stands in group.yaml alone"),
)
