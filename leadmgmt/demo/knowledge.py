"""What the demo firm wants to know beyond what everybody asks, and what it found out.

Dice of its own: one more field changes nobody's story.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from leadmgmt.demo.chance import Dice
from leads.actions.fields import add_field, retire_field
from leads.models import FieldKind, Subject

Answer = Callable[["Knowledge"], Any]

TOOLS = ("Spreadsheet", "Wall board", "Module of the ERP", "Software of a competitor")
INTERESTS = ("Planning board", "App for technicians", "Route planning", "Spare parts")
SYSTEMS = ("SAP", "Microsoft Dynamics", "Odoo", "None")
REGIONS = ("North", "South", "East", "West")
TECHNICIANS = (5, 12, 25, 40, 80, 150)
FAIR = "https://www.serviceexpo.example/visitors"


class Knowledge:
    """Answers about people and firms; `members` are those who can be named in one."""

    def __init__(self, seed: int, members: Sequence[UUID], now: datetime) -> None:
        self.dice, self.members, self.today = Dice(seed), members, now.date()

    def of_person(self) -> dict[str, Any]:
        """What we happen to know of one person."""
        return self._answers(OF_PEOPLE)

    def of_firm(self) -> dict[str, Any]:
        """What we happen to know of one firm."""
        return self._answers(OF_FIRMS)

    def day(self, *, within: int) -> str:
        """A day of the coming months."""
        return (self.today + timedelta(days=self.dice.randrange(7, within))).isoformat()

    def some(self, offered: Sequence[str]) -> list[str]:
        """One or two answers, in the order they are offered."""
        said = {self.dice.choice(offered), self.dice.choice(offered)}
        return [each for each in offered if each in said]

    def _answers(self, asked: Mapping[str, tuple[float, Answer]]) -> dict[str, Any]:
        return {
            key: answer(self) for key, (share, answer) in asked.items() if self.dice.is_so(share)
        }


# Key of a field → the share of people of whom we know it, and how an answer looks.
OF_PEOPLE: Mapping[str, tuple[float, Answer]] = {
    "technicians": (0.55, lambda known: known.dice.choice(TECHNICIANS)),
    "plans_with": (0.4, lambda known: known.dice.choice(TOOLS)),
    "interested_in": (0.35, lambda known: known.some(INTERESTS)),
    "budget_a_year": (0.2, lambda known: known.dice.money(6_000)),
    "contract_ends": (0.15, lambda known: known.day(within=400)),
    "came_to_the_webinar": (0.25, lambda known: known.dice.is_so(0.6)),
    "met_at": (0.05, lambda known: FAIR),
    "introduced_by": (0.06, lambda known: str(known.dice.choice(known.members))),
}
OF_FIRMS: Mapping[str, tuple[float, Answer]] = {
    "vehicles": (0.6, lambda known: known.dice.choice((3, 8, 14, 22, 35, 60))),
    "erp": (0.5, lambda known: known.dice.choice(SYSTEMS)),
    "regions": (0.45, lambda known: known.some(REGIONS)),
    "revenue": (0.3, lambda known: known.dice.money(4_000_000)),
    "family_owned": (0.3, lambda known: known.dice.is_so(0.5)),
}

FIELDS: tuple[tuple[str, str, str, str, Sequence[str]], ...] = (
    (Subject.LEAD, "technicians", "Technicians", FieldKind.NUMBER, ()),
    (Subject.LEAD, "plans_with", "Plans with", FieldKind.CHOICE, TOOLS),
    (Subject.LEAD, "interested_in", "Interested in", FieldKind.CHOICES, INTERESTS),
    (Subject.LEAD, "budget_a_year", "Budget a year", FieldKind.MONEY, ()),
    (Subject.LEAD, "contract_ends", "Present contract ends", FieldKind.DATE, ()),
    (Subject.LEAD, "came_to_the_webinar", "Came to the webinar", FieldKind.YES_NO, ()),
    (Subject.LEAD, "met_at", "Met at", FieldKind.LINK, ()),
    (Subject.LEAD, "introduced_by", "Introduced by", FieldKind.PERSON, ()),
    (Subject.LEAD, "fax", "Fax", FieldKind.TEXT, ()),
    (Subject.COMPANY, "vehicles", "Vehicles", FieldKind.NUMBER, ()),
    (Subject.COMPANY, "erp", "ERP system", FieldKind.CHOICE, SYSTEMS),
    (Subject.COMPANY, "regions", "Regions", FieldKind.CHOICES, REGIONS),
    (Subject.COMPANY, "revenue", "Revenue a year", FieldKind.MONEY, ()),
    (Subject.COMPANY, "family_owned", "Family-owned", FieldKind.YES_NO, ()),
)
RETIRED = "fax"


def ask_for_more(*, now: datetime) -> None:
    """Make the fields; one of them is asked for no more."""
    for subject, key, label, kind, choices in FIELDS:
        field = add_field(
            subject=subject, key=key, label=label, kind=kind, choices=choices, now=now
        )
        if key == RETIRED:
            retire_field(field, now=now)
