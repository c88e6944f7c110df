"""What is due on a day is told of once, on the right morning, wherever the workspace is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from funnel.jobs import remind_of_all_renewals, tell_of_all_late_steps
from funnel.models import ChecklistItem, Renewal
from leadmgmt.workspaces.models import Notice, Workspace
from tests.builders import a_customer
from tests.worlds import World

DAYS = [
    ("Pacific/Auckland", date(2026, 4, 5)),  # an hour twice
    ("Pacific/Auckland", date(2026, 9, 27)),  # an hour never
    ("America/Los_Angeles", date(2026, 3, 8)),
    ("America/Los_Angeles", date(2026, 11, 1)),
    ("Pacific/Kiritimati", date(2026, 1, 1)),
    ("Pacific/Pago_Pago", date(2026, 12, 31)),
    ("Pacific/Chatham", date(2026, 6, 30)),
    ("Europe/Berlin", date(2026, 3, 29)),
]
DAY = timedelta(days=1)
# Local time → whether it has been told by then.
MOMENTS = [(time(0, 1), 0), (time(6, 59), 0), (time(7), 1), (time(7, 1), 0), (time(23, 59), 0)]


def at(zone: str, day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("offset", [-1, 0])
@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_a_renewal_is_told_of_on_its_morning(
    world: World, zone: str, day: date, offset: int
) -> None:
    Workspace.objects.filter(pk=world.acme.pk).update(time_zone=zone)
    remind_on = day + offset * DAY
    Renewal.objects.create(
        customer=a_customer(owner=world.rita),
        what="Support",
        due_on=remind_on + 30 * DAY,
        remind_on=remind_on,
        days=[30],
    )
    assert remind_of_all_renewals(at(zone, remind_on - DAY, time(23, 59))) == 0
    for moment, told in MOMENTS:
        assert remind_of_all_renewals(at(zone, remind_on, moment)) == told, moment
    assert remind_of_all_renewals(at(zone, remind_on + DAY, time(23, 59))) == 0
    assert Notice.objects.get().text.startswith("Renewal due in 30 days")


@pytest.mark.parametrize("offset", [-1, 0])
@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_a_late_step_is_told_of_on_the_morning_after(
    world: World, zone: str, day: date, offset: int
) -> None:
    Workspace.objects.filter(pk=world.acme.pk).update(time_zone=zone)
    due_on = day + offset * DAY
    ChecklistItem.objects.create(
        customer=a_customer(owner=world.rita), name="Welcome call", due_on=due_on
    )
    for moment in (time(0, 1), time(7), time(23, 59)):
        assert tell_of_all_late_steps(at(zone, due_on, moment)) == 0
    for moment, told in MOMENTS:
        assert tell_of_all_late_steps(at(zone, due_on + DAY, moment)) == told, moment
    assert Notice.objects.count() == 1
