"""What columns are called in letters: the table's own word, else the file's, for whatever an answer tells."""

from __future__ import annotations

import pytest

from ombud.datamap.columns import told_columns
from ombud.datamap.load import load_text
from tests.datamap.policies import POLICY

MAP = """\
source: crm
company: {column: firm, values: {N: north}}
times: {encoding: date}
grace: 2
provenance: provided
titles:
  name: {sv: Namn, en: Name}
  created: {sv: Upplagd, en: Entered}
subjects:
  customer: {table: customer, identifiers: {email: email}}
tables:
  customer:
    owner: customer
    born: created
    purposes: [delivery]
    moments: {ended: ended_at}
    columns: {name: contact.name, email: contact.email, data: {json: {phone: contact.phone}}}
    titles: {name: {sv: Kundens namn}, data.phone: {sv: Telefon}, firm: {sv: Bolag}}
  note:
    links: {customer: customer_id}
    born: unknown
    key_values: {key: what, value: said, keys: {name: contact.name}, not_personal: [theme]}
"""


def test_a_tables_own_word_goes_before_the_files_and_covers_whatever_an_answer_tells() -> None:
    datamap, findings = load_text({"crm.yaml": MAP}, POLICY)
    assert datamap is not None, findings
    tables = datamap.sources["crm"].tables
    assert told_columns(tables["customer"]) == ("name", "email", "data.phone", "created", "ended_at", "firm")
    assert tables["customer"].titles == {
        "name": {"sv": "Kundens namn"},
        "data.phone": {"sv": "Telefon"},
        "created": {"sv": "Upplagd", "en": "Entered"},
        "firm": {"sv": "Bolag"},
    }
    assert tables["note"].titles == {"name": {"sv": "Namn", "en": "Name"}}
    assert not findings


@pytest.mark.parametrize("said", ["Namn", "[Namn]", "{sv: [Namn]}", "{sv: }", "{sv: 7}"])
def test_a_title_that_is_no_text_by_language_is_refused(said: str) -> None:
    datamap, findings = load_text({"crm.yaml": MAP.replace("name: {sv: Namn, en: Name}", f"name: {said}")}, POLICY)
    assert datamap is None
    assert [(each.code, each.place.line) for each in findings] == [("M003", 7)]
