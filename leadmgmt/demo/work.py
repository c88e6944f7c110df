"""What people have still to do: tasks and promises, notes that name a colleague, a few files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.utils import timezone

from leadmgmt.demo import cast
from leadmgmt.demo.chance import Dice
from leadmgmt.workspaces.models import Member, Notice, Role
from leads.actions.files import add_file
from leads.actions.notes import log_note
from leads.actions.tasks import add_task, finish_task
from leads.models import Lead, Stage, TaskKind

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LEADS = 30

# Kind, hours since it was given, hours until it is due (below zero: it is late), hours since it
# was done.
TASKS: tuple[tuple[str, float, float, float | None, str], ...] = (
    ("Open demo access", 30, -5, None, "They want to try the planning board with three teams."),
    ("Send material", 3, 1.5, None, "The case study about lifts, in German if we have it."),
    ("Call with the offer", 20, 20, None, ""),
    ("Call", 6, -1, None, ""),
    ("Email", 5, 26, None, "Ask who else decides."),
    ("To do", 26, 46, None, "Look up how many technicians they have."),
    ("Send material", 150, -126, 130, "Prices for 40 technicians."),
    ("Call", 100, -76, 74, ""),
    ("Open demo access", 200, -176, 180, ""),
    ("Call with the offer", 5, 44, None, "Ends the comparison with their spreadsheet."),
)
NOTES = (
    "Decides together with the head of IT. @{colleague}, do you know anybody there?",
    "Uses spreadsheets for 25 technicians and loses two hours a day.",
    "@{colleague} please send the price list before Thursday, they compare us with two others.",
    "Prefers calls after four; at the site all day.",
)
FILE = """Northlight, offer 2026-117

Planning board, app for technicians, 40 seats: 1,180 euros a month.
Set-up within two weeks, first month free of charge.
"""


def plan_work(*, dice: Dice, now: datetime) -> None:
    """Give the people of the demo something to do; through the verbs, as of the past days."""
    with timezone.override(ZoneInfo(cast.TIME_ZONE)):
        leads = _open_leads()
        if leads:
            _tasks(leads, now)
            _notes(leads, dice, now)
            _files(leads, now)
        Notice.objects.filter(created_at__lt=now - DAY).update(seen_at=now)


def _open_leads() -> Sequence[Lead]:
    held = Lead.objects.filter(stage__in=(Stage.MQL, Stage.SQL), owner__isnull=False)
    return list(held.select_related("owner").order_by("-last_activity_at", "id")[:LEADS])


def _tasks(leads: Sequence[Lead], now: datetime) -> None:
    kinds = {kind.name: kind for kind in TaskKind.objects.all()}
    manager = Member.objects.filter(role=Role.MANAGER).first()
    for number, (name, given, left, done, note) in enumerate(TASKS * 2):
        lead, at = leads[number % len(leads)], now - given * HOUR
        by = manager if number % 4 == 3 else lead.owner
        due = (now + left * HOUR).replace(minute=0, second=0, microsecond=0)
        task = add_task(
            kinds[name], about=lead, due_at=due, note=note, assignee=lead.owner, by=by, now=at
        )
        if done is not None:
            finish_task(task, by=lead.owner, now=now - done * HOUR)


def _notes(leads: Sequence[Lead], dice: Dice, now: datetime) -> None:
    colleagues = list(Member.objects.exclude(role__in=(Role.ANALYST, Role.CLOSER)).order_by("id"))
    for number, text in enumerate(NOTES * 2):
        lead = leads[(number * 3) % len(leads)]
        colleague = dice.choice([each for each in colleagues if each != lead.owner])
        at = now - (number * 5 + 1) * HOUR
        log_note(lead, text=text.format(colleague=colleague.name), by=lead.owner, now=at)


def _files(leads: Sequence[Lead], now: datetime) -> None:
    for lead in leads[:3]:
        content = ContentFile(FILE.encode())
        add_file(lead, name="Offer 2026-117.txt", content=content, by=lead.owner, now=now - HOUR)
