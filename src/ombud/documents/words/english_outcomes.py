"""English: what came of an objection, a withdrawn consent, a complaint and a claim; ways to show who one is."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # Art. 21 and 7(3)
    "objection.title": "What became of your objection",
    "objection.lead": "You have said no to how we use your data. This is what became of it.",
    "withdrawal.title": "What became of your consent",
    "withdrawal.lead": "You have taken back your consent. This is what became of it.",
    "withdrawal.nothing": "Nothing of what you asked about rests on consent.",
    "objection.nothing": "We have nothing about you that your objection covers.",
    "use": "Use",
    "use.companies": "Company",
    "use.every_company": "all companies of the group",
    "use.basis": "Rests on",
    "use.stopped.object": "Stopped at once",
    "use.stopped.withdraw": "Has stopped",
    "use.ended": "Has stopped after it was weighed",
    "use.overridden": "Goes on after it was weighed",
    "use.overridden.why": "Reasons that weigh more",
    "use.stopped.text.object": "To direct marketing you may always say no, at any time and without saying why "
    "(Article 21(2) GDPR). Nothing more is sent.",
    "use.stopped.text.withdraw": "This rested on your consent. What was done before you took it back was lawful "
    "(Article 7(3) GDPR). You may consent again if you wish.",
    "use.ended.text": "We have weighed your objection, and stop (Article 21(1) GDPR). What we had for this alone is "
    "erased.",
    "use.overridden.text": "Here we have reasons that weigh more than your objection (Article 21(1) GDPR). If you do "
    "not agree you can complain; how stands below.",
    "lifted": "While we examined this the data was not used. From the day after you receive this letter it is "
    "used again (Article 18(3) GDPR).",
    "use.undo": "What we have for this alone is not used. We store it until and including {day}, in case you change "
    "your mind. After that it is erased.",
    "use.erased": "What we had for this alone is erased.",
    "use.kept": "Not used, but stored",
    "use.untouched": "Not affected",
    "use.untouched.text.object": "The right to say no covers what rests on legitimate interests or on a task in the "
    "public interest, and direct marketing (Article 21 GDPR). This rests on something else.",
    "use.untouched.text.withdraw": "This does not rest on your consent, and so it goes on.",
    # Arts 77, 79 and 82
    "dispute.title.complain": "We have received your complaint",
    "dispute.title.claim": "We have received your claim for damages",
    "dispute.lead.complain": "Here is who handles your complaint, what we have gathered about you, and where you can "
    "turn outside our group.",
    "dispute.lead.claim": "Here is who handles your claim, what we have gathered about you, and how you can go to "
    "court.",
    "dispute.handler": "Handled by",
    "dispute.next": "Whoever handles it will write to you about the matter itself. State the case number when you "
    "write to us.",
    "dispute.held": "Nothing is erased meanwhile",
    "dispute.held.text": "Until the matter is settled we erase nothing that we have about you, so that what is needed "
    "to settle it is still there (Article 17(3)(e) GDPR).",
    "dispute.held.review": "By {day} we look whether that is still needed.",
    "dispute.bundle": "What is enclosed",
    "dispute.bundle.text": "We enclose what we know about you, as it stood on {day}: {rows} from {systems}.",
    "dispute.bundle.json": "{name}: all data, why we have it and until when, as a data file (JSON).",
    "dispute.bundle.zip": "{name}: the same data as tables (CSV), with a guide in readme.txt.",
    "systems": "{number} system",
    "systems.many": "{number} systems",
    "dispute.routes.complain": "Where you can turn",
    "dispute.routes.claim": "How to go on",
    "dispute.authority.complain": "You can complain to {authority}. You need not wait for us (Article 77 GDPR).",
    "dispute.authority.claim": "You can also complain to {authority}, which can examine us but does not award damages "
    "(Article 77 GDPR).",
    "dispute.court.complain": "You can go to court, where we are established or where you live (Article 79 GDPR).",
    "dispute.court.claim": "If we do not agree you can bring an action in court, where we are established or where "
    "you live (Articles 79(2) and 82(6) GDPR).",
    "dispute.whole.claim": "If several are responsible for the same damage, the controller or a processor, you can "
    "claim the whole of it from any of them (Article 82(4) GDPR).",
    "dispute.outcome.title.complain": "What became of your complaint",
    "dispute.outcome.title.claim": "What became of your claim for damages",
    "dispute.complain.upheld": "We have examined your complaint, and you are right.",
    "dispute.complain.in_part": "We have examined your complaint, and you are right in part.",
    "dispute.complain.rejected": "We have examined your complaint, and do not agree.",
    "dispute.complain.withdrawn": "You have taken back your complaint, and we close the case.",
    "dispute.claim.upheld": "We have examined your claim, and accept it.",
    "dispute.claim.in_part": "We have examined your claim, and accept it in part.",
    "dispute.claim.rejected": "We have examined your claim, and reject it.",
    "dispute.claim.withdrawn": "You have taken back your claim, and we close the case.",
    "dispute.handled": "Examined by",
    "dispute.measures": "What we do",
    "dispute.still_held": "Your data for the time being",
    "dispute.still_held.text": "You can take this further, and so we erase nothing of what we have about you yet "
    "(Article 17(3)(e) GDPR).",
    # how to show who one is
    "way.sign_in": "Log in where you usually log in with us, and send your request from there.",
    "way.code": "Let us send a code to the e-mail address or phone number that we have already, and answer with it.",
    "way.signature": "Sign your request by hand and send it by post. The answer then goes to your registered address.",
    "way.bank_id": "Identify yourself with BankID or another electronic identification, if you have one.",
    "way.letter": "Let us send a code by post to your registered address, and answer with it.",
    "way.forwarded": "Let us send a code by post through the Swedish Tax Agency, and answer with it.",
    "way.handler": "Talk to one of our staff, by phone or in person.",
    "way.shown": "Show an identity document at our office. We look at it and keep no copy.",
    # an annex too long to print
    "annex.in_file": "{rows} are too many to print. They all stand in the data file that belongs to this answer. If "
    "you want them on paper you will get them; just ask.",
    "use.longest": "Differently long, at most until and including {day}",
    "use.longest.open": "Differently long; some has no last day yet",
}
