"""Accounts in Indico: names, mailboxes, ways to log in, settings, tokens, and those who have asked for one."""

from __future__ import annotations

from datetime import timedelta

from bench.discover.indico_rows import HONORIFIC, put
from bench.discover.people import Person, people


def accounts(members: tuple[Person, ...]) -> dict[int, int]:
    """Accounts with e-mail, identity, settings, tokens and favourites: their ids by the number of the person."""
    users: dict[int, int] = {}
    for person in members:
        pending = person.number % 13 == 0
        user = users[person.number] = put(
            "users.users",
            first_name=person.given,
            last_name=person.family,
            title=HONORIFIC[person.woman] if person.number % 2 else 0,
            affiliation=person.firm,
            phone="" if pending else person.phone,
            address=f"{person.street}\n{person.postcode} {person.town}" if person.number % 3 == 0 else "",
            is_pending=pending,
            is_deleted=person.number % 29 == 0,
            picture=b"\x89PNG invented" if person.number % 11 == 0 else None,
            picture_metadata={"hash": 1, "filename": f"{person.username}.png"} if person.number % 11 == 0 else None,
        )
        put("users.emails", user_id=user, email=f"{person.username}@example.org", is_primary=True)
        if person.number % 6 == 0:
            put("users.emails", user_id=user, email=f"{person.username}@example.com", is_primary=False)
        if pending:
            continue
        put(
            "users.identities",
            user_id=user,
            provider="indico",
            identifier=person.username,
            multipass_data=None,
            data={"given_name": person.given, "family_name": person.family, "email": person.email},
            password_hash=f"$2b$12$invented{person.number:045}",
            last_login_dt=person.met + timedelta(days=90),
            last_login_ip=person.ip,
        )
        for key, value in (("lang", person.language), ("timezone", "Europe/Stockholm"), ("show_past_events", True)):
            put("users.settings", user_id=user, module="users", name=key, value=value)
        if person.number % 9 == 0:
            put(
                "users.api_keys",
                user_id=user,
                last_used_ip=person.ip,
                last_used_uri=f"/export/user/{user}.json",
                last_used_dt=person.met + timedelta(days=70),
                use_count=2,
            )
            put(
                "users.tokens",
                user_id=user,
                name=f"{person.given}s telefon",
                access_token_hash=f"{person.number:064x}",
                scopes=["read:user"],
                last_used_ip=person.ip,
                last_used_dt=person.met + timedelta(days=80),
            )
            put("users.favorite_users", user_id=user, target_id=users[person.number - 1])
            put("users.suggested_categories", user_id=user, category_id=0, score=0.4)
    for person in people(8, seed=12):
        put(
            "users.registration_requests",
            email=f"ny.{person.username}@example.org",
            comment=f"Jag arbetar på {person.firm or 'egen hand'} och vill följa mötena.",
            extra_emails=[],
            user_data={"first_name": person.given, "last_name": person.family, "phone": person.phone},
            identity_data={"provider": "indico", "identifier": person.username, "password_hash": "x"},
            settings={"lang": person.language},
        )
    application = put(
        "oauth.applications", name="Mötesappen", allowed_scopes=["read:user"], redirect_uris=["https://app.example.org"]
    )
    for person in members[::10]:
        link = put(
            "oauth.application_user_links",
            application_id=application,
            user_id=users[person.number],
            scopes=["read:user"],
        )
        token = {"access_token_hash": f"{person.number + 500:064x}", "scopes": ["read:user"], "last_used_ip": person.ip}
        put("oauth.tokens", app_user_link_id=link, **token)
    return users
