"""Rooms, who looks after them and who has booked them."""

from __future__ import annotations

from datetime import timedelta

from bench.discover.indico_rows import put
from bench.discover.people import Person


def rooms(members: tuple[Person, ...], users: dict[int, int]) -> None:
    """Four rooms; each tenth member books one, often in somebody else's name."""
    location = put("roombooking.locations", name="Huset")
    made = []
    for number, keeper in enumerate(members[:4], 1):
        made.append(
            put(
                "roombooking.rooms",
                location_id=location,
                owner_id=users[keeper.number],
                building="1",
                floor="2",
                number=str(number),
                notification_emails=[f"{keeper.username}@example.org"],
                telephone=keeper.phone,
                key_location=f"Hos {keeper.given} i receptionen",
                comments="Hörslinga finns",
                capacity=12,
            )
        )
    put("roombooking.room_principals", room_id=made[0], type=1, user_id=users[5], permissions=["book"])
    for person in members[::10]:
        put("roombooking.favorite_rooms", user_id=users[person.number], room_id=made[person.number % 4])
        start = person.met.replace(hour=9, minute=0, tzinfo=None)
        times = {"start_dt": start, "end_dt": start + timedelta(hours=2)}
        rejected = f"{person.given} har dubbelbokat" if person.number % 20 == 1 else None
        booking = put(
            "roombooking.reservations",
            booked_for_id=users[person.number],
            booked_for_name=person.name,
            created_by_id=users[2],
            room_id=made[person.number % 4],
            state=4 if rejected else 2,
            booking_reason=f"Lönesamtal med {person.given}",
            rejection_reason=rejected,
            repeat_frequency=0,
            repeat_interval=0,
            **times,
        )
        put(
            "roombooking.reservation_occurrences",
            reservation_id=booking,
            state=4 if rejected else 2,
            rejection_reason=rejected,
            **times,
        )
        put(
            "roombooking.reservation_edit_logs", reservation_id=booking, user_name=person.name, info=["Booking created"]
        )
    stop = members[0].met.date()
    block = {"created_by_id": users[1], "start_date": stop, "end_date": stop, "reason": f"{members[6].name} fyller 60"}
    blocking = put("roombooking.blockings", **block)
    put(
        "roombooking.blocked_rooms",
        blocking_id=blocking,
        room_id=made[1],
        state=2,
        rejected_by=members[2].name,
        rejection_reason="Nej",
    )
    put("roombooking.blocking_principals", blocking_id=blocking, type=1, user_id=users[7])
