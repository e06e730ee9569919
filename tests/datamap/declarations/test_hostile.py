"""Whatever stands in a system's texts, the draft is a whole policy file, in its form."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.policy.formatted import formatted
from tests.datamap.declarations.stories import decided, explained, system, text

SIGNS = [
    "\n",
    "\r\n",
    "\u2028",
    "\x85",
    "#",
    ": ",
    "- ",
    "{",
    "}",
    "]",
    '"',
    "'",
    "&a",
    "*a",
    "!!int",
    "---",
    "\t",
    "\u202e",
]
WORDS = st.one_of(
    st.text(max_size=30),
    st.lists(st.one_of(st.sampled_from([*SIGNS, "name", "zone: UTC", "null", "2026-01-01", "é", "\U000e0001"]))).map(
        "".join
    ),
)
CATEGORIES = st.lists(
    st.one_of(st.sampled_from(["user.name", "user.health_and_medical", "user", "system.operations"]), WORDS), max_size=4
)
DECLARATIONS = st.fixed_dictionaries(
    {
        "data_use": st.one_of(
            st.sampled_from(["marketing.communications", "third_party_sharing"]), WORDS.map(lambda w: f"u{w}")
        )
    },
    optional={
        "name": WORDS,
        "data_categories": CATEGORIES,
        "data_subjects": st.lists(WORDS, max_size=2),
        "legal_basis_for_processing": st.one_of(st.sampled_from(["Consent", "Legal obligations"]), WORDS),
        "retention_period": st.one_of(st.sampled_from(["365", "7 years"]), WORDS),
        "special_category_legal_basis": WORDS,
        "third_parties": WORDS,
        "shared_categories": st.lists(WORDS, max_size=2),
        "data_qualifier": WORDS,
        "dataset_references": st.lists(WORDS, max_size=2),
        "egress": st.lists(WORDS, max_size=2),
    },
)
SYSTEMS = st.lists(
    st.builds(
        lambda key, said, declarations: system(*declarations, key=f"k{key}", **said),
        WORDS,
        st.fixed_dictionaries(
            {},
            optional={"name": WORDS, "description": WORDS, "dataset_references": st.lists(WORDS, max_size=2)},
        ),
        st.lists(DECLARATIONS, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: str(each["fides_key"]),
)


@given(SYSTEMS, WORDS)
@settings(max_examples=60, deadline=None)
def test_a_draft_is_whole_whatever_it_is_made_from(systems: list[dict[str, Any]], name: str) -> None:
    made = text(*systems, organization=[{"fides_key": "default_organization", "name": name}])
    assert formatted(made) == made
    assert explained(made)
    assert all(ord(c) >= 0x20 or c == "\n" for c in made)
    if "no data_categories" not in made and "categories: ~" not in made:
        assert decided(made).purposes
