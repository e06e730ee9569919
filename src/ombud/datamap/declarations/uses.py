"""What fideslang's words are in a policy's: legal bases, conditions of Art. 9(2), data uses."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.policy.model import Article9, BasisKind, Use

_BASES: Mapping[str, BasisKind] = {
    "consent": BasisKind.CONSENT,
    "contract": BasisKind.CONTRACT,
    "legal obligation": BasisKind.LEGAL_OBLIGATION,
    "vital interest": BasisKind.VITAL_INTERESTS,
    "public interest": BasisKind.PUBLIC_TASK,
    "legitimate interest": BasisKind.LEGITIMATE_INTERESTS,
}
_CONDITIONS: Mapping[str, Article9] = {
    "explicit consent": Article9.EXPLICIT_CONSENT,
    "consent": Article9.EXPLICIT_CONSENT,
    "employment, social security and social protection": Article9.EMPLOYMENT,
    "employment": Article9.EMPLOYMENT,
    "vital interests": Article9.VITAL_INTERESTS,
    "not for profit bodies": Article9.NOT_FOR_PROFIT,
    "non profit bodies": Article9.NOT_FOR_PROFIT,
    "made public by the data subject": Article9.MADE_PUBLIC,
    "public by data subject": Article9.MADE_PUBLIC,
    "legal claims or judicial acts": Article9.LEGAL_CLAIMS,
    "legal claims": Article9.LEGAL_CLAIMS,
    "reasons of substantial public interest (with a basis in law)": Article9.PUBLIC_INTEREST,
    "substantial public interest": Article9.PUBLIC_INTEREST,
    "health or social care (with a basis in law)": Article9.HEALTH_CARE,
    "medical": Article9.HEALTH_CARE,
    "public health (with a basis in law)": Article9.PUBLIC_HEALTH,
    "public health interest": Article9.PUBLIC_HEALTH,
    "archiving, research and statistics (with a basis in law)": Article9.ARCHIVING,
}
"""As fideslang writes them now, and as it wrote them earlier."""

_TERMS: Mapping[str, str] = {
    "advertising": "dpv:Advertising",
    "employment": "dpv:HumanResourceManagement",
    "employment.recruitment": "dpv:PersonnelHiring",
    "essential.fraud_detection": "dpv:FraudPreventionAndDetection",
    "essential.legal_obligation": "dpv:LegalCompliance",
    "essential.service": "dpv:ServiceProvision",
    "essential.service.operations": "",
    "essential.service.payment_processing": "dpv:PaymentManagement",
    "essential.service.security": "dpv:EnforceSecurity",
    "functional.service.improve": "dpv:ImproveExistingProductsAndServices",
    "marketing": "dpv:Marketing",
    "marketing.advertising": "dpv:Advertising",
    "marketing.communications": "dpv:DirectMarketing",
    "personalize": "dpv:Personalisation",
    "provide.service": "dpv:ServiceProvision",
    "provide.service.operations": "",
}
"""The nearest above counts: a term of W3C DPV holds of what is narrower too. "": below it nothing is certain."""

_KNOWN = frozenset(
    "advertising analytics collect employment essential finance functional improve marketing operations personalize"
    " provide sales third_party_sharing train_ai_system".split()
)
_DIRECT = "marketing.communications"
_MAYBE_DIRECT = ("marketing", "advertising", "sales")
_DEVICE = "functional.storage"
_SHARING = "third_party_sharing"


def basis(said: str) -> BasisKind | None:
    """One of the six bases of Art. 6(1), whatever its spelling; None for any other text."""
    return _BASES.get(_plain(said).removesuffix("s"))


def condition(said: str) -> Article9 | None:
    """One of the conditions of Art. 9(2); None for any other text."""
    return _CONDITIONS.get(_plain(said))


def term(use: str) -> str:
    """The term of W3C DPV that a data use certainly is; else ""."""
    parts = use.split(".")
    return next((_TERMS[at] for n in range(len(parts), 0, -1) if (at := ".".join(parts[:n])) in _TERMS), "")


def kinds(use: str) -> tuple[Use, ...]:
    """The kinds of use that a data use certainly is."""
    return (Use.DIRECT_MARKETING,) if _under(use, _DIRECT) else (Use.READS_DEVICE,) if _under(use, _DEVICE) else ()


def maybe_direct(use: str) -> bool:
    """Whether it may be direct marketing (Art. 21(2)), and its name does not tell."""
    return not _under(use, _DIRECT) and any(_under(use, each) for each in _MAYBE_DIRECT)


def known(use: str) -> bool:
    """Whether it is one of fideslang's own, of this or an earlier version."""
    return use.split(".")[0] in _KNOWN


def shares(use: str) -> bool:
    """Whether it is handing data to third parties."""
    return _under(use, _SHARING)


def _under(use: str, above: str) -> bool:
    return use == above or use.startswith(f"{above}.")


def _plain(said: str) -> str:
    return " ".join(said.lower().replace("_", " ").replace("-", " ").split())
