"""English: the answer to who asks for their data, and what every letter shares."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "months": "January February March April May June July August September October November December",
    "and": "and",
    "yes": "Yes",
    "no": "No",
    "nothing": "(no value)",
    "empty": "(empty text)",
    "at": "at",
    "decimal": ".",
    "bytes": "Binary data, {size} bytes. They stand in full in the data file.",
    "file": "Attached file: {name}",
    "masked": "[about another person]",
    # every letter
    "page": "Page {{page}} of {{pages}}",
    "date": "Date",
    "case": "Case",
    "regards": "Yours sincerely",
    "registration": "reg. no. {number}",
    "unshown": "Some characters are not in this letter's typeface and are shown as □. They stand in full in the data "
    "file, which you can get from us.",
    # legal bases, Art. 6(1)
    "basis.consent": "consent",
    "basis.contract": "contract",
    "basis.legal_obligation": "legal obligation",
    "basis.vital_interests": "protection of vital interests",
    "basis.public_task": "task in the public interest",
    "basis.legitimate_interests": "legitimate interests",
    "basis.unstated": "no legal basis is stated in our policy",
    "basis.none": "none",
    "article": "Article {article} GDPR",
    "article.6": "6(1)({letter})",
    "article.9": "9(2)({letter})",
    "special": "Sensitive data: allowed under {article}",
    # storage periods
    "period.years": "{number} year",
    "period.years.many": "{number} years",
    "period.months": "{number} month",
    "period.months.many": "{number} months",
    "period.days": "{number} day",
    "period.days.many": "{number} days",
    "rule.after": "{period} after: {start}",
    "rule.from": "{period} from and including: {start}",
    "rule.until": "until: {start}",
    "rule.end.month": "to the end of the month of: {start}",
    "rule.end.year": "to the end of the calendar year of: {start}",
    "rule.end.fiscal_year": "to the end of the financial year of: {start}",
    "then.period": "{rule}, then {period}",
    "then.end.month": "{rule}, to the end of the month",
    "then.end.year": "{rule}, to the end of the calendar year",
    "then.end.fiscal_year": "{rule}, to the end of the financial year",
    "rule.while": "as long as this holds: {state}",
    "rule.unstated": "no period is stated in our policy",
    "keep.until": "Until and including {day}",
    "keep.least": "At least until and including {day}",
    "keep.waiting": "No last day yet. The time is counted like this: {rule}",
    "keep.between": "Differently long: from {first} to {last}. The last day stands beside each item.",
    "keep.some": "Differently long. The last day, or that it is not set yet, stands beside each item.",
    "keep.not_yet": "no last day yet",
    # where the data came from
    "provided": "Given by you",
    "observed": "Observed by us",
    "unknown": "Where this came from has not been noted",
    # regions, chapter V
    "safeguard.within": "within the EU/EEA",
    "safeguard.adequacy": "country with adequate protection as the European Commission decided",
    "safeguard.standard_clauses": "the European Commission's standard contractual clauses",
    "safeguard.binding_rules": "binding corporate rules",
    "safeguard.derogation": "derogation under Article 49 GDPR",
    "safeguard.none": "without safeguard",
    # the answer
    "answer.title": "Your personal data at {who}",
    "answer.title.port": "Your data to take with you from {who}",
    "answer.subject": "Answer to a request for access under Article 15 GDPR",
    "answer.subject.port": "Answer to a request for data portability under Article 20 GDPR",
    "answer.lead": "You have asked which personal data we have about you. This is the answer, as it stood on {day}. "
    "The data is ordered by what we use it for.",
    "answer.lead.port": "You have asked for the data that you yourself gave us. Here it is, as it stood on {day}. The "
    "same data is in files that other systems can read.",
    "answer.nobody": "We have no personal data about you in the systems that we have searched.",
    "answer.nobody.port": "We have no data that you gave us under consent or contract in the systems that we have "
    "searched.",
    "overview": "In short",
    "overview.what": "What we use the data for",
    "overview.company": "Company",
    "overview.until": "Kept",
    "incomplete.title": "This answer is not complete",
    "incomplete": "We could read {read} of {all} systems. This could not be read yet: {unread}. You will hear from us.",
    "perhaps": "{number} record may be about you, but we are not certain. It is left out until somebody has decided.",
    "perhaps.many": "{number} records may be about you, but we are not certain. They are left out until somebody has "
    "decided.",
    "rows": "{number} record",
    "rows.many": "{number} records",
    "basis": "Legal basis",
    "statute": "Statute",
    "keep": "Kept",
    "shared": "Recipients",
    "also": "Also used here",
    "also.at": "{what} (shown under “{where}”)",
    "nowhere": "Other data",
    "nowhere.why": "No purpose in our policy holds these data today.",
    "no_company": "Company not known",
    "no_category": "About the record",
    "free_text": "Free text",
    "of": "Record {number} of {all}",
    "data": "Data",
    "last_day": "Kept until",
    "annex": "Annex {number}: {what}",
    "annex.see": "{rows} are in annex {number} at the end of this letter.",
    "recipients": "Who has received your data",
    "recipients.none": "No handing-over of your data is recorded, and none of the purposes has a recipient.",
    "recipient": "Recipient",
    "recipient.why": "For what",
    "recipient.when": "When",
    "recipient.where": "Where",
    "recipient.may": "may have received it; no single handing-over is recorded",
    "left_out": "What is left out",
    "left_out.masked": "In {number} place we have hidden another person's data. It says {mark} there. "
    "The answer may not violate the rights of others (Article 15(4) GDPR).",
    "left_out.masked.many": "In {number} places we have hidden another person's data. It says {mark} there. "
    "The answer may not violate the rights of others (Article 15(4) GDPR).",
    "left_out.nothing": "Nothing is left out.",
    "automated": "Automated decisions and profiling",
    "automated.yes": "Some decisions about you are made by automated means alone. You have the right to know how, and "
    "to have the decision reviewed by a person (Article 22 GDPR).",
    "automated.no": "No decision about you is made by automated means alone, and you are not profiled in the sense of "
    "Article 22 GDPR.",
    "automated.unstated": "Our policy says nothing about decisions made by automated means alone. Ask us if you want "
    "to "
    "know more.",
    "rights": "Your rights",
    "rights.intro": "You can ask this of us at any time. It is free of charge.",
    "right.rectify": "Rectification: that wrong data is corrected and incomplete data completed.",
    "right.erase": "Erasure: that data is removed, unless a law or another ground demands that it is kept.",
    "right.restrict": "Restriction: that data is stored but not used, for example while we examine whether it is "
    "right.",
    "right.port": "Portability: to receive data that you gave us under consent or contract.",
    "right.object": "Objection: to say no to use that rests on legitimate interests, and always to direct marketing.",
    "right.withdraw": "Withdrawal of consent: at any time, for what rests on consent.",
    "complain": "If you are not satisfied",
    "complain.authority": "You have the right to complain to {authority} (Article 77 GDPR).",
    "complain.court": "You can also go to court, and claim damages (Articles 79 and 82 GDPR).",
    "controller": "Controller",
    "controller.each": "each company for its own processing",
    "controller.joint": "the companies jointly",
    "officer": "Data protection officer",
    "authority": "Supervisory authority",
    # readme.txt
    "readme.form": "The files are CSV by RFC 4180: commas between fields, all fields quoted, UTF-8 with a byte order "
    "mark. Data that is used for several things is in several files.",
    "readme.defused": "A field that begins with = + - @, a tab or a new line could become a formula in a spreadsheet. "
    "So "
    "an apostrophe (') stands first in it, and in fields that themselves begin with an apostrophe. Remove the first "
    "apostrophe to get the exact value. Plain numbers are left alone.",
    "readme.json_text": "Where the column type says text/json, the value is a text with control characters, written as "
    "a JSON string.",
    "readme.json": "The same data as JSON; its form is in data.schema.json, that of the CSV files in "
    "csv-metadata.json.",
    "readme.columns": "The columns:",
}
