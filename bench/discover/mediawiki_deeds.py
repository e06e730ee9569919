"""What members of the wiki did and what was done to them: uploads, log entries, second factors, filters and blocks."""

from __future__ import annotations

import json

from bench.discover.mediawiki_rows import Row, Wiki, stamp
from bench.discover.people import Person


def deeds(wiki: Wiki, person: Person) -> None:
    """A member's uploads, log entries, second factor, bot and what a filter saw of them."""
    actor, when = person.number, stamp(person, 12)
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


def sanctions(wiki: Wiki, members: tuple[Person, ...]) -> None:
    """Blocks of members and of addresses, a filter with its history, a protected title, and what waits in the queue."""
    for person in members[5::40]:
        reason = wiki.comment(f"Hot mot {members[0].given} på diskussionssidan")
        shared: Row = {"ipb_by_actor": 1, "ipb_reason_id": reason, "ipb_timestamp": stamp(person, 50)}
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
            ipb_expiry=stamp(person, 51),
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
