"""Which tables are of persons, and how the others lead to them."""

from __future__ import annotations

from ombud.datamap.guess.links import Links
from ombud.datamap.guess.vocabulary import Vocabulary
from ombud.datamap.guess.written import written
from tests.datamap.guess.small import guessed, held, rows, sampled, way

PEOPLE = """
CREATE TABLE kund (kundnr INTEGER PRIMARY KEY, fornamn TEXT, efternamn TEXT, epost TEXT);
""" + rows("kund", "kundnr, fornamn, efternamn, epost", *(f"{n}, 'Ada', 'Alm', 'a{n}@example.org'" for n in (7, 9, 31)))


def test_a_column_leads_where_its_values_are_found() -> None:
    script = PEOPLE + "CREATE TABLE arende (id INTEGER PRIMARY KEY, kundnr INTEGER, text TEXT);"
    found = Links(sampled(script + rows("arende", "kundnr, text", "7, 'a'", "9, 'b'", "31, 'c'"))).of("arende")
    assert [(link.columns, link.to) for link in found] == [(("kundnr",), "kund")]
    strange = Links(sampled(script + rows("arende", "kundnr, text", "1, 'a'", "2, 'b'", "3, 'c'"))).of("arende")
    assert strange == [], "numbers that no customer has are no customers"


def test_what_stands_for_no_reference_is_seen_and_written() -> None:
    script = PEOPLE + "CREATE TABLE arende (id INTEGER PRIMARY KEY, kundnr INTEGER NOT NULL DEFAULT 0, text TEXT);"
    script += rows("arende", "kundnr, text", "7, 'a'", "0, 'b'", "9, 'c'", "0, 'd'", "31, 'e'")
    (found,) = Links(sampled(script)).of("arende")
    assert found.absent == (0,)
    assert "kundnr: {to: kund, by: kundnr, if_none: unknown, absent: [0]}" in written(guessed(script), Vocabulary())


def test_the_table_that_bears_the_name_comes_before_others() -> None:
    script = """
    CREATE TABLE user (id INTEGER PRIMARY KEY, email TEXT);
    CREATE TABLE api_users (id INTEGER PRIMARY KEY, email TEXT);
    CREATE TABLE note (id INTEGER PRIMARY KEY, user_id INTEGER, body TEXT);
    """ + "".join(
        rows(t, "id, email", *(f"{n}, 'x{n}@example.org'" for n in range(1, 9))) for t in ("user", "api_users")
    )
    found = Links(sampled(script + rows("note", "user_id, body", *(f"{n}, 'hello'" for n in range(1, 9))))).of("note")
    assert [link.to for link in found] == ["user"]


def test_a_count_is_no_link() -> None:
    script = PEOPLE + "CREATE TABLE page (id INTEGER PRIMARY KEY, kunder INTEGER);"
    assert Links(sampled(script + rows("page", "kunder", "7", "9", "31"))).of("page") == []


def test_a_person_and_what_belongs_to_it() -> None:
    script = (
        PEOPLE
        + """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund, note TEXT);
    CREATE TABLE order_line (id INTEGER PRIMARY KEY, orders_id INTEGER NOT NULL REFERENCES orders, quantity INTEGER);
    CREATE TABLE colour (id INTEGER PRIMARY KEY, hex TEXT);
    """
    )
    draft = guessed(script)
    assert draft.tables["kund"].subject
    assert way(draft.tables["orders"]) == ["orders.kund_id"]
    assert way(draft.tables["order_line"]) == ["order_line.orders_id", "orders.kund_id"]
    assert held(draft.tables["order_line"]) == {}, "it tells by its link alone, and is mapped"
    assert "colour" in draft.others


def test_what_an_order_points_at_is_whoevers_order_it_is() -> None:
    script = (
        PEOPLE
        + """
    CREATE TABLE delivery (id INTEGER PRIMARY KEY, full_name TEXT, street TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund,
                         delivery_id INTEGER REFERENCES delivery);
    """
    )
    assert way(guessed(script).tables["delivery"]) == ["orders.delivery_id", "orders.kund_id"]


def test_a_thing_that_somebody_made_is_not_about_its_maker() -> None:
    children = "".join(
        f"CREATE TABLE part{n} (id INTEGER PRIMARY KEY, meeting_id INTEGER NOT NULL REFERENCES meeting, note TEXT);"
        for n in range(7)
    )
    script = (
        PEOPLE
        + """
    CREATE TABLE meeting (id INTEGER PRIMARY KEY, creator_id INTEGER NOT NULL REFERENCES kund, description TEXT);
    """
        + children
    )
    draft = guessed(script)
    assert "meeting" in draft.others
    assert "part0" in draft.others


def test_a_machines_keys_are_nobodys_and_a_persons_are_theirs() -> None:
    draft = guessed(
        PEOPLE
        + """
    CREATE TABLE printer (id INTEGER PRIMARY KEY, api_token TEXT, last_seen TIMESTAMP);
    CREATE TABLE login_device (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund, api_token TEXT);
    """
    )
    assert "printer" in draft.others
    assert held(draft.tables["login_device"]) == {"api_token": "credential"}


def test_numbers_and_times_of_a_row_that_each_person_has_are_about_them() -> None:
    draft = guessed(
        PEOPLE
        + """
    CREATE TABLE habits (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL UNIQUE REFERENCES kund, visits INTEGER,
                         latest_order TIMESTAMP, changed TIMESTAMP);
    CREATE TABLE visit (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund, page INTEGER, size INTEGER);
    """
    )
    assert set(held(draft.tables["habits"])) == {"visits", "latest_order"}
    assert held(draft.tables["visit"]) == {}


def test_who_stands_only_in_a_text_is_told() -> None:
    script = "CREATE TABLE job (id INTEGER PRIMARY KEY, params TEXT);" + rows(
        "job", "params", *(f"'send the bill to a{n}@example.org now'" for n in range(9))
    )
    job = guessed(script).tables["job"]
    assert (job.subject, job.way, job.inside) == (None, None, "params")


def test_the_senders_mailbox_is_not_the_persons() -> None:
    script = PEOPLE + "CREATE TABLE letter (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund, a, b);"
    letters = rows("letter", "kund_id, a, b", *(f"7, 'info@example.com', 'b{n}@example.org'" for n in range(30)))
    assert held(guessed(script + letters).tables["letter"]) == {"b": "email"}


def test_what_many_rows_share_is_nobodys_although_one_row_each_points_there_too() -> None:
    script = (
        PEOPLE
        + """
    CREATE TABLE meeting (id INTEGER PRIMARY KEY, title TEXT);
    CREATE TABLE booking (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund,
                          meeting_id INTEGER NOT NULL REFERENCES meeting);
    """
    )
    meetings = rows("meeting", "id, title", *(f"{n}, 'about the {n} gardens'" for n in range(1, 31)))
    few = rows("booking", "kund_id, meeting_id", *(f"7, {n % 3 + 1}" for n in range(30)))
    each = rows("booking", "kund_id, meeting_id", *(f"7, {n}" for n in range(1, 31)))
    assert "meeting" in guessed(script + meetings + few).others
    assert way(guessed(script + meetings + each).tables["meeting"]) == ["booking.meeting_id", "booking.kund_id"]


MEETINGS = """
CREATE TABLE talk (id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE {persons} (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund,
                        talk_id INTEGER NOT NULL REFERENCES talk);
""" + "".join(
    f"CREATE TABLE part{n} (id INTEGER PRIMARY KEY, talk_id INTEGER NOT NULL REFERENCES talk, note TEXT);"
    for n in range(7)
)


def test_a_table_named_for_a_thing_and_its_persons_says_whose_it_is() -> None:
    talks = rows("talk", "id, title", *(f"{n}, 'About it'" for n in range(1, 31)))
    spoke = ", ".join(f"(7, {n})" for n in range(1, 31))
    draft = guessed(
        PEOPLE
        + MEETINGS.format(persons="talk_speaker")
        + talks
        + f"INSERT INTO talk_speaker (kund_id, talk_id) VALUES {spoke};"
    )
    assert way(draft.tables["talk"]) == ["talk_speaker.talk_id", "talk_speaker.kund_id"]
    assert way(draft.tables["part0"]) == ["part0.talk_id", "talk_speaker.talk_id", "talk_speaker.kund_id"]
    draft = guessed(
        PEOPLE + MEETINGS.format(persons="seat") + talks + f"INSERT INTO seat (kund_id, talk_id) VALUES {spoke};"
    )
    assert "talk" in draft.others
    heard = ", ".join(f"(7, {n % 3 + 1})" for n in range(30))
    draft = guessed(
        PEOPLE
        + MEETINGS.format(persons="talk_speaker")
        + talks
        + f"INSERT INTO talk_speaker (kund_id, talk_id) VALUES {heard};"
    )
    assert "talk" in draft.others, "what many share is nobody's"


def test_where_keys_are_declared_a_name_alone_makes_none() -> None:
    script = PEOPLE + "CREATE TABLE area (id INTEGER PRIMARY KEY);"
    declared = "CREATE TABLE map (id INTEGER PRIMARY KEY, area_id INTEGER REFERENCES area, former_kund_id INTEGER);"
    plain = "CREATE TABLE map (id INTEGER PRIMARY KEY, area_id INTEGER, former_kund_id INTEGER);"
    assert [link.to for link in Links(sampled(script + declared)).of("map")] == ["area"]
    assert {link.to for link in Links(sampled(script + plain)).of("map")} == {"area", "kund"}
    said = rows("map", "area_id, former_kund_id", "NULL, 7", "NULL, 9")
    assert {link.to for link in Links(sampled(script + declared + said)).of("map")} == {"area", "kund"}


def test_a_text_that_names_somebody_is_not_whosever_row_might_point_there() -> None:
    script = (
        PEOPLE
        + """
    CREATE TABLE coupon (id INTEGER PRIMARY KEY, text TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund,
                         coupon_id INTEGER REFERENCES coupon);
    """
    )
    coupon = guessed(script + rows("coupon", "text", "'for Ada Alm'")).tables["coupon"]
    assert (coupon.way, coupon.inside) == (None, "text")
    used = rows("orders", "kund_id, coupon_id", "7, 1")
    assert way(guessed(script + rows("coupon", "text", "'for Ada Alm'") + used).tables["coupon"]) == [
        "orders.coupon_id",
        "orders.kund_id",
    ]


def test_a_row_is_not_whoevers_row_came_last() -> None:
    script = (
        PEOPLE
        + """
    CREATE TABLE board (id INTEGER PRIMARY KEY, {}post_id INTEGER REFERENCES post, description TEXT);
    CREATE TABLE post (id INTEGER PRIMARY KEY, kund_id INTEGER NOT NULL REFERENCES kund, body TEXT);
    """
    )
    assert "board" in guessed(script.format("last_")).others
    assert way(guessed(script.format("")).tables["board"]) == ["board.post_id", "post.kund_id"]


def test_who_has_a_thing_by_default_only_keeps_it() -> None:
    script = (
        PEOPLE + "CREATE TABLE stall (id INTEGER PRIMARY KEY, {}owner_id INTEGER REFERENCES kund, name TEXT, x TEXT);"
    )
    assert held(guessed(script.format("default_")).tables["stall"]) == {}
    assert held(guessed(script.format("")).tables["stall"]) == {"name": "name"}


PARTIES = """
CREATE TABLE party_party (id INTEGER PRIMARY KEY, name TEXT, create_uid INTEGER);
CREATE TABLE party_address (id INTEGER PRIMARY KEY, party INTEGER, street TEXT);
CREATE TABLE sale_sale (id INTEGER PRIMARY KEY, party INTEGER, invoice_party INTEGER, comment TEXT);
CREATE TABLE sale_claim (id INTEGER PRIMARY KEY, party INTEGER, sale INTEGER, comment TEXT);
""" + rows("party_party", "id, name, create_uid", *(f"{n}, 'Ada Alm {n}', 1" for n in range(1, 31)))
PARTIES += rows("party_address", "party, street", *(f"{n}, 'Alvägen {n}'" for n in range(1, 31)))
PARTIES += rows("sale_sale", "party, invoice_party, comment", *(f"{n}, {n}, 'call first'" for n in range(1, 9)))
PARTIES += rows("sale_claim", "party, sale, comment", *(f"{n}, {n}, 'it is broken'" for n in range(1, 9)))


def test_where_no_key_is_declared_a_bare_word_leads_to_the_table_that_ends_in_it() -> None:
    found = Links(sampled(PARTIES))
    assert {(link.columns, link.to) for link in found.of("sale_claim")} == {
        (("party",), "party_party"), (("sale",), "sale_sale"),
    }  # fmt: skip
    assert {link.to for link in found.of("sale_sale")} == {"party_party"}
    declared = PARTIES.replace("invoice_party INTEGER", "invoice_party INTEGER REFERENCES party_party")
    assert [link.columns for link in Links(sampled(declared)).of("sale_claim")] == [("party",), ("sale",)]


def test_a_table_called_as_persons_are_that_others_belong_to_is_of_persons_though_it_only_has_names() -> None:
    draft = guessed(PARTIES)
    assert held(draft.tables["party_party"]) == {"name": "name"}
    assert way(draft.tables["party_address"]) == ["party_address.party"]
    assert way(draft.tables["sale_sale"]) == ["sale_sale.party"]


def test_a_ledger_has_accounts_and_what_is_in_their_rows_is_nobodys() -> None:
    ledger = "CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, closed INTEGER, note TEXT);"
    accounts = rows("account", "name, closed, note", *(f"'Cash {n}', 0, 'for {n}'" for n in range(1, 31)))
    assert "closed" not in held(guessed(ledger + accounts).tables["account"])
    with_secret = ledger.replace("note TEXT", "note TEXT, password_hash TEXT")
    people = rows(
        "account", "name, password_hash", *(f"'ada{n}', '$2b$12$abcdefghijklmnopqrstuv{n}'" for n in range(1, 31))
    )
    assert {"closed", "password_hash"} <= held(guessed(with_secret + people).tables["account"]).keys()
