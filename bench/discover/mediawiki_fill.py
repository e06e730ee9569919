"""The rows of the wiki: members, passers-by known by address alone, what they wrote and what was done to them."""

from __future__ import annotations

import hashlib

from bench.discover.mediawiki_deeds import deeds, sanctions
from bench.discover.mediawiki_rows import Row, Wiki, stamp
from bench.discover.people import Person, people

TOPICS = "Tomater Kompost Beskärning Vintergröna Växthus Rosor Mossa Fröbank Humlor Dammar".split()


def filled() -> dict[str, list[Row]]:
    """Rows by table, in the order in which they can be inserted."""
    wiki = Wiki()
    for number, role in enumerate(("main",), 1):
        wiki.put("slot_roles", role_id=number, role_name=role)
    wiki.put("content_models", model_id=1, model_name="wikitext")
    for topic in TOPICS:
        _page(wiki, 0, topic)
    members = people(220, seed=7)
    for person in members:
        _member(wiki, person)
    for person in people(40, seed=8):
        _passer_by(wiki, person)
    for person in members[::6]:
        deeds(wiki, person)
    sanctions(wiki, members)
    wiki.put("site_stats", ss_row_id=1, ss_total_edits=len(wiki.rows["revision"]), ss_users=len(members))
    wiki.put("interwiki", iw_prefix="w", iw_url="https://wiki.example.org/$1", iw_api="", iw_wikiid="", iw_local=0)
    wiki.put("updatelog", ul_key="populate rev_sha1")
    return wiki.rows


def _page(wiki: Wiki, namespace: int, title: str) -> int:
    number = len(wiki.rows["page"]) + 1
    when = "20190101000000"
    return wiki.put(
        "page",
        page_id=number,
        page_namespace=namespace,
        page_title=title.replace(" ", "_"),
        page_random=wiki.chance.random(),
        page_touched=when,
        page_latest=0,
        page_len=0,
    )


def _edit(wiki: Wiki, person: Person, actor: object, page: int, text: str, note: str) -> int:
    """A revision with its slot, content and text, and the line in the recent changes."""
    number, when = len(wiki.rows["revision"]) + 1, stamp(person, 3)
    wiki.put("text", old_id=number, old_text=text, old_flags="utf-8")
    digest = hashlib.sha1(text.encode()).hexdigest()[:31]
    wiki.put(
        "content",
        content_id=number,
        content_size=len(text),
        content_sha1=digest,
        content_model=1,
        content_address=f"tt:{number}",
    )
    wiki.put("slots", slot_revision_id=number, slot_role_id=1, slot_content_id=number, slot_origin=number)
    comment = wiki.comment(note)
    wiki.put(
        "revision",
        rev_id=number,
        rev_page=page,
        rev_comment_id=comment,
        rev_actor=actor,
        rev_timestamp=when,
        rev_len=len(text),
        rev_sha1=digest,
    )
    of = wiki.rows["page"][page - 1]
    of.update(page_latest=number, page_len=len(text), page_touched=when)
    wiki.put(
        "recentchanges",
        rc_timestamp=when,
        rc_actor=actor,
        rc_namespace=of["page_namespace"],
        rc_title=of["page_title"],
        rc_comment_id=comment,
        rc_cur_id=page,
        rc_this_oldid=number,
        rc_source="mw.edit",
        rc_ip=person.ip,
    )
    return number


def _actor(wiki: Wiki, user: int | None, name: str) -> int:
    number = len(wiki.rows["actor"]) + 1
    return wiki.put("actor", actor_id=number, actor_user=user, actor_name=name)


def _member(wiki: Wiki, person: Person) -> None:
    name = person.username.replace(".", " ").capitalize()
    wiki.put(
        "user",
        user_id=person.number,
        user_name=name,
        user_real_name=person.name if person.number % 3 else "",
        user_password=f":pbkdf2:sha512:30000:64:{person.number:024x}:{person.number:064x}",
        user_newpassword=f":pbkdf2:{person.number:040x}" if person.number % 8 == 0 else "",
        user_email=person.email if person.number % 10 else "",
        user_touched=stamp(person, 9),
        user_token=f"{person.number:032x}",
        user_email_token=f"{person.number + 7:032x}" if person.number % 5 == 0 else None,
        user_registration=stamp(person),
        user_editcount=1,
    )
    actor = _actor(wiki, person.number, name)
    settings = {
        "language": person.language,
        "timecorrection": "ZoneInfo|60|Europe/Stockholm",
        "nickname": f"''{person.given}''",
    }
    settings["gender"] = ("female" if person.woman else "male") if person.number % 4 == 0 else "unknown"
    for key, value in settings.items():
        if person.number % 3 == 0 or key == "language":
            wiki.put("user_properties", up_user=person.number, up_property=key, up_value=value)
    home = _page(wiki, 2, name)
    about = f"Jag heter {person.given} och bor i {person.town}. Född {person.born.year}. Skriv till {person.email}."
    _edit(wiki, person, actor, home, about, "Presenterar mig")
    if person.number % 2:
        topic = wiki.chance.randrange(len(TOPICS)) + 1
        _edit(
            wiki,
            person,
            actor,
            topic,
            f"Så här gör man. Frågor? Ring {person.given}, {person.phone}.",
            f"tips av {person.given}",
        )
    wiki.put("watchlist", wl_user=person.number, wl_namespace=0, wl_title=wiki.chance.choice(TOPICS))
    wiki.put("searchindex", si_page=home, si_title=name.lower(), si_text=about.lower())
    if person.number % 15 == 0:
        wiki.put("user_groups", ug_user=person.number, ug_group="sysop")
    if person.number % 20 == 0:
        wiki.put("user_former_groups", ufg_user=person.number, ufg_group="bot")


def _passer_by(wiki: Wiki, person: Person) -> None:
    """Somebody without an account: the wiki keeps the address of their computer as their name."""
    known = {row["actor_name"]: row["actor_id"] for row in wiki.rows["actor"]}
    actor = known.get(person.ip) or _actor(wiki, None, person.ip)
    number = _edit(wiki, person, actor, wiki.chance.randrange(len(TOPICS)) + 1, "Rättade ett stavfel.", "stavning")
    packed = (
        "".join(f"{int(part):02X}" for part in person.ip.split(".")) if "." in person.ip else f"v6-{person.number:032X}"
    )
    wiki.put("ip_changes", ipc_rev_id=number, ipc_rev_timestamp=stamp(person, 3), ipc_hex=packed)
    if person.number % 4 == 0:
        wiki.put("user_newtalk", user_id=0, user_ip=person.ip, user_last_timestamp=stamp(person, 4))
