"""What the first score model will say of a life, so that the story and the scores agree.

The same rules as `scoring.actions.starting`, for one lead at one moment; the demo's own test holds
that nobody is left a lead whose score makes an MQL.
"""

from datetime import datetime, timedelta

from leadmgmt.demo import cast

DAY = timedelta(days=1)
ENOUGH = 50  # the first definition of an MQL
DECIDERS = ("chief", "head", "director", "president", "owner", "founder", "manager")

Fact = tuple[str, str, datetime]  # kind, path, when


def profile_points(title: str, address: str, employees: int, phone: str) -> int:
    """What a person gives by what they are."""
    is_free = address.rpartition("@")[2] in cast.FREE_MAIL
    decides = any(word in title.lower() for word in DECIDERS)
    return 15 * decides + (-10 if is_free else 5) + 10 * (employees >= 50) + 5 * bool(phone)


def behaviour_points(facts: list[Fact], at: datetime) -> int:
    """What a person gives by what they did until `at`."""
    done = [fact for fact in facts if fact[2] <= at]
    return (
        min(
            30,
            15 * sum(kind == "form_submitted" and at - when < 90 * DAY for kind, _, when in done),
        )
        + min(24, 8 * _days(done, "page_view", "/pricing", at))
        + min(20, 10 * _days(done, "page_view", "/demo", at))
        + min(10, 2 * _days(done, "visit", "", at))
    )


def crossing(profile: int, facts: list[Fact], since: datetime) -> datetime | None:
    """When the score first says MQL, if it ever does."""
    moments = sorted({when for _, _, when in facts if when >= since} | {since})
    for at in moments:
        if profile + behaviour_points(facts, at) >= ENOUGH:
            return at
    return None


def _days(done: list[Fact], kind: str, path: str, at: datetime) -> int:
    days = {
        when.date()
        for each, where, when in done
        if each == kind and path in where and at - when < 30 * DAY
    }
    return len(days)
