"""In databases that real applications made, what a person's texts say of her husband and others is proposed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.others.answers import project, proposed
from tests.realworld import restore

STORIES = Path(__file__).parents[1] / "realworld"
HERS = ("email=ingrid.sandberg@example.org", "email=ingrid.s@old-mail.example", "phone=+46705551234")


@pytest.mark.fact("R1")
def test_in_the_ticketing_database_the_husband_is_proposed_and_those_to_call(shared: Path, tmp_path: Path) -> None:
    for each in ("policy", "datamap"):
        shutil.copytree(STORIES / "ticketing" / each, tmp_path / each)
    restore.sqlite(shared / "realworld" / "pretix_sqlite.sqlite3.xz", tmp_path / "tickets.db")
    source = "ticketing_sqlite"
    loaded = project(
        tmp_path,
        {
            "ombud.yaml": "policy: policy/\ndatamaps: datamap/\nsources:\n"
            '  ticketing_sqlite: {url: "sqlite:///tickets.db", files: {media: media}}\n'
            '  ticketing_postgresql: {url: "sqlite:///not_there.db", files: {media: other}}\n'
        },
    )
    orders = "order_id IN (862, 863, 864)"
    positions = "IN (1769, 1771, 1772, 1774)"
    told = proposed(
        loaded,
        [
            (source, "pretixbase_customer", "id = 221"),
            (source, "pretixbase_order", "id IN (862, 863, 864)"),
            (source, "pretixbase_orderposition", f"id {positions}"),
            (source, "pretixbase_questionanswer", f"orderposition_id {positions}"),
            (source, "pretixbase_invoiceaddress", orders),
            (source, "pretixbase_invoice", orders),
            (source, "pretixbase_logentry", "object_id IN (862, 863, 864)"),
        ],
        *HERS,
    )
    assert sorted(set(told.found())) == [
        ("pretixbase_customer", "notes", "Per Sandberg"),
        ("pretixbase_questionanswer", "answer", "070-2333304"),
        ("pretixbase_questionanswer", "answer", "070-8419974"),
        ("pretixbase_questionanswer", "answer", "Juni Nord Davidsson"),
        ("pretixbase_questionanswer", "answer", "Kjell Hansen"),
    ]


@pytest.mark.fact("R1")
def test_in_the_blog_the_husband_is_proposed_also_inside_serialized_text(
    shared: Path, tmp_path: Path, mariadb_url: str, throwaway: str
) -> None:
    for each in ("policy", "datamap"):
        shutil.copytree(STORIES / "blog" / each, tmp_path / each)
    with restore.mariadb(shared / "realworld" / "wp_mariadb.sql.xz", mariadb_url, f"{throwaway}_others") as url:
        (tmp_path / "uploads").mkdir()
        loaded = project(
            tmp_path,
            {
                "ombud.yaml": "policy: policy/\ndatamaps: datamap/\nsources:\n"
                f'  blog: {{url: "{url}", files: {{uploads: uploads}}}}\n'
            },
        )
        told = proposed(
            loaded,
            [
                ("blog", "wp_users", "ID = 264"),
                ("blog", "wp_comments", "user_id = 264 OR lower(comment_author_email) = 'ingrid.sandberg@example.org'"),
                ("blog", "wp_usermeta", "user_id = 264 AND meta_key IN ('newsletter_profile', 'billing_phone')"),
                ("blog", "wp_posts", "post_author = 264"),
            ],
            *HERS,
        )
        words = {(table, word) for table, _, word in told.found()}
    assert {("wp_comments", "Per Sandberg"), ("wp_usermeta", "Per Sandberg")} <= words
    assert not [word for _, word in words if "Ingrid" in word or "ingrid.sandberg@" in word.casefold()]
