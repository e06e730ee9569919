"""What the register remembers, a file a thought. Import only where Django is configured (`opening.py`)."""

from ombud.register.models.answers import Answer, Correction
from ombud.register.models.batches import Batch, Batched
from ombud.register.models.consents import Consent
from ombud.register.models.decisions import Approval, Proven
from ombud.register.models.handed import Particulars
from ombud.register.models.identifying import Challenge, Registered, Started
from ombud.register.models.kept import Fingerprint
from ombud.register.models.people import Identifier, Person
from ombud.register.models.recipients import DisclosedPerson, Disclosure, Notice
from ombud.register.models.requests import Counter, Event, Note, Part, Request

__all__ = [
    "Answer",
    "Approval",
    "Batch",
    "Batched",
    "Challenge",
    "Consent",
    "Correction",
    "Counter",
    "DisclosedPerson",
    "Disclosure",
    "Event",
    "Fingerprint",
    "Identifier",
    "Note",
    "Notice",
    "Part",
    "Particulars",
    "Person",
    "Proven",
    "Registered",
    "Request",
    "Started",
]
