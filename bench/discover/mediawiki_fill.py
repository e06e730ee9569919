"""The rows of the wiki: members, passers-by known by address alone, what they wrote and what was done to them."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from datetime import timedelta

from bench.discover.people import Person, people

Row = dict[str, object]
TOPICS = "Tomater Kompost Beskärning Vintergröna Växthus Rosor Mossa Fröbank Humlor Dammar".split()


class _Wiki:
    """Rows being made, with running numbers for what the wiki counts itself."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.chance = random.Random(6)

    def put(self, table: str, **row: object) -> int:
        """Add a row and return its number within the table."""
        self.rows[table].append(row)
        return len(self.rows[table])

    def comment(self, text: str) -> int:
        number = len(self.rows["comment"]) + 1
        return self.put("comment", comment_id=number, comment_hash=number, comment_text=text)


def filled() -> dict[str, list[Row]]:
    """Rows by table, in the order in which they can be inserted."""
    wiki = _Wiki()
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
        _deeds(wiki, person)
    _sanctions(wiki, members)
    wiki.put("site_stats", ss_row_id=1, ss_total_edits=len(wiki.rows["revision"]), ss_users=len(members))
    wiki.put("interwiki", iw_prefix="w", iw_url="https://wiki.example.org/$1", iw_api="", iw_wikiid="", iw_local=0)
    wiki.put("updatelog", ul_key="populate rev_sha1")
    return wiki.rows


def _stamp(person: Person, days: int = 0) -> str:
    return f"{person.met + timedelta(days=days):%Y%m%d%H%M%S}"


def _page(wiki: _Wiki, namespace: int, title: str) -> int:
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


def _edit(wiki: _Wiki, person: Person, actor: object, page: int, text: str, note: str) -> int:
    """A revision with its slot, content and text, and the line in the recent changes."""
    number, when = len(wiki.rows["revision"]) + 1, _stamp(person, 3)
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


def _actor(wiki: _Wiki, user: int | None, name: str) -> int:
    number = len(wiki.rows["actor"]) + 1
    return wiki.put("actor", actor_id=number, actor_user=user, actor_name=name)


def _member(wiki: _Wiki, person: Person) -> None:
    name = person.username.replace(".", " ").capitalize()
    wiki.put(
        "user",
        user_id=person.number,
        user_name=name,
        user_real_name=person.name if person.number % 3 else "",
        user_password=f":pbkdf2:sha512:30000:64:{person.number:024x}:{person.number:064x}",
        user_newpassword=f":pbkdf2:{person.number:040x}" if person.number % 8 == 0 else "",
        user_email=person.email if person.number % 10 else "",
        user_touched=_stamp(person, 9),
        user_token=f"{person.number:032x}",
        user_email_token=f"{person.number + 7:032x}" if person.number % 5 == 0 else None,
        user_registration=_stamp(person),
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


def _passer_by(wiki: _Wiki, person: Person) -> None:
    """Somebody without an account: the wiki keeps the address of their computer as their name."""
    known = {row["actor_name"]: row["actor_id"] for row in wiki.rows["actor"]}
    actor = known.get(person.ip) or _actor(wiki, None, person.ip)
    number = _edit(wiki, person, actor, wiki.chance.randrange(len(TOPICS)) + 1, "Rättade ett stavfel.", "stavning")
    packed = (
        "".join(f"{int(part):02X}" for part in person.ip.split(".")) if "." in person.ip else f"v6-{person.number:032X}"
    )
    wiki.put("ip_changes", ipc_rev_id=number, ipc_rev_timestamp=_stamp(person, 3), ipc_hex=packed)
    if person.number % 4 == 0:
        wiki.put("user_newtalk", user_id=0, user_ip=person.ip, user_last_timestamp=_stamp(person, 4))


def _deeds(wiki: _Wiki, person: Person) -> None:
    """A member's uploads, log entries, second factor, bot and what a filter saw of them."""
    actor, when = person.number, _stamp(person, 12)
    photo = f"{person.given}_i_{person.town.replace(' ', '_')}_{person.number}.jpg"
    wiki.put(
        "image",
        img_name=photo,
        img_size=90_000,
        img_metadata=json.dumps({"data": {"Artist": person.name, "GPSLatitude": 59.3, "Model": "Kamera 7"}}),
        img_media_type="BITMAP",
        img_major_mime="image",
        img_minor_mime="jpeg",
        img_description_id=wiki.comment(f"Foto: {person.name}"),
        img_actor=actor,
        img_timestamp=when,
    )
    old = f"20200101000000!{photo}"
    reason = wiki.comment(f"{person.given} bad att få bort den")
    wiki.put(
        "oldimage",
        oi_name=photo,
        oi_archive_name=old,
        oi_description_id=reason,
        oi_actor=actor,
        oi_timestamp=when,
        oi_metadata="{}",
        oi_major_mime="image",
    )
    if person.number % 4 == 1:
        wiki.put(
            "filearchive",
            fa_name=f"Gammal_{photo}",
            fa_archive_name=old,
            fa_deleted_user=1,
            fa_deleted_timestamp=when,
            fa_deleted_reason_id=reason,
            fa_description_id=reason,
            fa_actor=actor,
            fa_timestamp=when,
            fa_metadata=json.dumps({"Artist": person.name}),
        )
    log = len(wiki.rows["logging"]) + 1
    former = f"{person.given} {person.family}"
    wiki.put(
        "logging",
        log_id=log,
        log_type="renameuser",
        log_action="renameuser",
        log_timestamp=when,
        log_actor=1,
        log_namespace=2,
        log_title=former.replace(" ", "_"),
        log_comment_id=reason,
        log_params=f'a:2:{{s:10:"4::olduser";s:{len(former.encode())}:"{former}";s:8:"6::edits";i:3;}}',
    )
    wiki.put("log_search", ls_field="target_author_actor", ls_value=str(actor), ls_log_id=log)
    wiki.put(
        "archive",
        ar_namespace=2,
        ar_title=former.replace(" ", "_"),
        ar_comment_id=reason,
        ar_actor=actor,
        ar_timestamp=when,
        ar_rev_id=90_000 + person.number,
    )
    secret = json.dumps({"keys": [{"secret": f"{person.number:032X}", "scratch_tokens": []}]})
    wiki.put("oathauth_users", id=person.number, module="totp", data=secret)
    wiki.put(
        "bot_passwords",
        bp_user=person.number,
        bp_app_id=f"{person.given.lower()}bot",
        bp_password=f":pbkdf2:{person.number:040x}",
        bp_restrictions=json.dumps({"IPAddresses": [person.ip]}),
        bp_grants='["basic"]',
    )
    wiki.put(
        "uploadstash",
        us_user=person.number,
        us_key=f"{person.number:x}.jpg",
        us_orig_path=f"/tmp/{photo}",
        us_path=f"mwstore://local/{photo}",
        us_timestamp=when,
        us_status="finished",
        us_size=10,
        us_sha1="",
    )
    name = str(wiki.rows["user"][person.number - 1]["user_name"])
    wiki.put(
        "abuse_filter_log",
        afl_global=0,
        afl_filter_id=1,
        afl_user=person.number,
        afl_user_text=name,
        afl_ip=person.ip,
        afl_action="edit",
        afl_actions="warn",
        afl_var_dump=f"tt:{person.number}",
        afl_timestamp=when,
        afl_namespace=0,
        afl_title="Mossa",
    )


def _sanctions(wiki: _Wiki, members: tuple[Person, ...]) -> None:
    """Blocks of members and of addresses, a filter with its history, a protected title, and what waits in the queue."""
    for person in members[5::40]:
        reason = wiki.comment(f"Hot mot {members[0].given} på diskussionssidan")
        shared: Row = {"ipb_by_actor": 1, "ipb_reason_id": reason, "ipb_timestamp": _stamp(person, 50)}
        name = wiki.rows["user"][person.number - 1]["user_name"]
        block = wiki.put(
            "ipblocks",
            ipb_id=len(wiki.rows["ipblocks"]) + 1,
            ipb_address=name,
            ipb_user=person.number,
            ipb_expiry="infinity",
            ipb_range_start="",
            ipb_range_end="",
            **shared,
        )
        wiki.put(
            "ipblocks",
            ipb_id=block + 1,
            ipb_address=person.ip,
            ipb_auto=1,
            ipb_expiry=_stamp(person, 51),
            ipb_range_start="C0000200",
            ipb_range_end="C00002FF",
            ipb_parent_block_id=block,
            **shared,
        )
        wiki.put("ipblocks_restrictions", ir_ipb_id=block, ir_type=1, ir_value=3)
        params = json.dumps({"title": "Mossa", "requestId": "x", "editor": name})
        wiki.put("job", job_cmd="enotifNotify", job_namespace=0, job_title="Mossa", job_params=params)
    owner = wiki.rows["user"][0]["user_name"]
    filtered: Row = {"af_pattern": 'added_lines rlike "köp nu"', "af_user": 1, "af_user_text": owner}
    wiki.put(
        "abuse_filter", af_id=1, af_timestamp="20210101000000", af_comments=f"Begärt av {members[3].name}", **filtered
    )
    wiki.put("abuse_filter_action", afa_filter=1, afa_consequence="warn", afa_parameters="abusefilter-warning")
    wiki.put(
        "abuse_filter_history",
        afh_filter=1,
        afh_user=1,
        afh_user_text=owner,
        afh_timestamp="20210101000000",
        afh_pattern=filtered["af_pattern"],
        afh_comments="Första utkastet",
        afh_flags="enabled",
    )
    wiki.put(
        "protected_titles",
        pt_namespace=0,
        pt_title=members[4].name.replace(" ", "_"),
        pt_user=1,
        pt_reason_id=wiki.comment("återskapas gång på gång"),
        pt_timestamp="20220101000000",
        pt_expiry="infinity",
        pt_create_perm="sysop",
    )
    wiki.put("objectcache", keyname=f"wiki:user:id:{members[0].number}", value="O:8:stdClass", exptime="20300101000000")
    for page in range(1, 6):
        wiki.put("categorylinks", cl_from=page, cl_to="Odling", cl_sortkey="A", cl_timestamp="2022-01-01 00:00:00")
    wiki.put("category", cat_title="Odling", cat_pages=5)
    wiki.put(
        "externallinks",
        el_from=12,
        el_to="https://blogg.example.org/",
        el_index="https://org.example.blogg./",
        el_index_60="x",
    )
    wiki.put("page_props", pp_page=1, pp_propname="displaytitle", pp_value="Tomater")
