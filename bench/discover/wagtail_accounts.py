"""Accounts and what hangs on them: mailboxes, sign-ins by other sites, second factors, sessions, failed attempts."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from allauth.socialaccount.models import SocialApp
from auditlog.context import set_actor
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore

from bench.discover.people import Person
from bench.discover.wagtail_rows import at, made

LOGIN = {"http_accept": "text/html,application/xhtml+xml", "path_info": "/accounts/login/"}


def editor(person: Person) -> Any:
    """One who writes for the site: an account, how they like the desk, a token for the interface."""
    at(person.met)
    user = _user(person, is_staff=True, is_superuser=person.number == 1)
    user.groups.add(Group.objects.get(name="Moderators" if person.number < 3 else "Editors"))
    made(
        "wagtailusers.UserProfile",
        user=user,
        preferred_language=person.language,
        current_time_zone="Europe/London" if person.country == "GB" else "Europe/Stockholm",
        avatar=f"avatar_images/avatar_{person.number:04x}_{person.username}.jpg",
        dismissibles={"editor-guide": True},
        theme="dark" if person.woman else "system",
    )
    made("authtoken.Token", user=user, key=f"{person.number:040x}")
    made(
        "wagtailcore.APIToken",
        user=user,
        name=f"{person.given}s kalender",
        key_hash=f"{person.number:064x}",
        prefix=f"wagtail_{person.number:04x}",
        last_used_at=person.met + timedelta(days=9),
    )
    return user


def neighbour(person: Person, editors: list[Any], chance: random.Random) -> Any:
    """One who has an account on the site; most are members of the association."""
    at(person.met)
    if person.number % 4 == 0:
        made(
            "invitations.Invitation",
            email=person.email,
            inviter=chance.choice(editors),
            key=f"{person.number:064x}",
            sent=person.met,
            accepted=True,
        )
    user = _user(person)
    verified = person.number % 7 != 0 and person.number % 12 != 5  # one mailbox of two people: only one may claim it
    box = made("account.EmailAddress", user=user, email=person.email, primary=True, verified=verified)
    if not verified:
        made("account.EmailConfirmation", email_address=box, sent=person.met, key=f"{person.number:064x}")
    if person.number % 3 == 0:
        _elsewhere(person, user)
    if person.number % 8 == 0:
        secret = {"secret": f"gAAAAA{person.number:058x}"}
        made("mfa.Authenticator", user=user, type="totp", data=secret, last_used_at=person.met + timedelta(days=3))
        made("mfa.Authenticator", user=user, type="recovery_codes", data={"seed": f"gAAAAA{person.number:058x}"})
    if chance.random() < 0.8:
        _member(person, user, chance.choice(editors))
    _signed_in(person, user)
    if person.number % 14 == 0:
        made(
            "admin.LogEntry",
            user=editors[0],
            content_type=ContentType.objects.get_for_model(user),
            object_id=str(user.pk),
            object_repr=user.username,
            action_flag=2,
            change_message='[{"changed": {"fields": ["Last name"]}}]',
        )
    return user


def _user(person: Person, **more: object) -> Any:
    return made(
        "auth.User",
        username=person.username,
        email=person.email,
        first_name=person.given,
        last_name=person.family,
        password=PBKDF2PasswordHasher().encode("invented", f"salt{person.number:08}", iterations=1000),
        last_login=person.met + timedelta(days=40) if person.number % 3 else None,
        **more,
    )


def _elsewhere(person: Person, user: Any) -> None:
    """They sign in through another site, which tells of them."""
    told = {
        "sub": f"{10**20 + person.number}",
        "email": person.email,
        "email_verified": True,
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "picture": f"https://pictures.example/{person.username}=s96",
        "locale": person.language,
    }
    account = made("socialaccount.SocialAccount", user=user, provider="google", uid=told["sub"], extra_data=told)
    made(
        "socialaccount.SocialToken",
        account=account,
        app=SocialApp.objects.get_or_create(provider="google", name="Google", client_id="4711", secret="sixteen")[0],
        token=f"ya29.{person.number:040x}",
        token_secret=f"1//{person.number:040x}",
        expires_at=person.met + timedelta(hours=1),
    )


def _member(person: Person, user: Any, treasurer: Any) -> None:
    """The treasurer enters a member, and later changes what was entered: both are logged."""
    with set_actor(treasurer, remote_addr=f"192.0.2.{treasurer.pk}"):
        member = made(
            "village.Membership",
            user=user,
            member_number=f"M{person.number:05}",
            personnummer=person.personnummer if person.country == "SE" else "",
            date_of_birth=person.born,
            street=person.street,
            postal_code=person.postcode,
            city=person.town,
            mobile=person.phone,
            fee_paid=person.met.date() if person.number % 6 else None,
            remarks=person.note,
            joined=person.met.date(),
        )
        at(person.met + timedelta(days=100))
        if person.number % 8 == 0:
            member.mobile, member.street = "070-174 06 99", f"{person.street} B"
            member.save()


def _signed_in(person: Person, user: Any) -> None:
    """Sessions, and what a guard against guessed passwords keeps of each attempt."""
    at(person.met + timedelta(days=40))
    seen = {"ip_address": person.ip, "user_agent": person.agent, "username": person.username, **LOGIN}
    left = person.met + timedelta(days=40, minutes=7) if person.number % 2 else None
    made("axes.AccessLog", **seen, session_hash=f"{person.number:064x}", logout_time=left)
    if person.number % 6 == 0:
        made("axes.AccessFailureLog", **seen, locked_out=person.number % 12 == 0)
        form = f"username={person.username}\npassword=********************"
        attempt = made("axes.AccessAttempt", **seen, failures_since_start=2, get_data="next=/medlem/", post_data=form)
        made("axes.AccessAttemptExpiration", access_attempt=attempt, expires_at=person.met + timedelta(days=41))
    if person.number % 4:
        return
    key = f"{person.number:032x}"
    data = {"_auth_user_id": str(user.pk), "_auth_user_hash": f"{person.number:064x}", "account_verified_email": None}
    made(
        "sessions.Session",
        session_key=key,
        session_data=SessionStore().encode(data),
        expire_date=person.met + timedelta(days=54),
    )
    made("usersessions.UserSession", user=user, ip=person.ip, user_agent=person.agent, session_key=key)
