"""Leads of all kinds, each with what the oracle knows of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from leadmgmt.workspaces.models import Member, Workspace
from leads.models import (
    Campaign,
    Company,
    CompanyTag,
    Consent,
    CustomField,
    Lead,
    LeadTag,
    Membership,
    Purpose,
    Segment,
    Tag,
)
from tests.builders import a_campaign, a_company, a_lead, a_member, an_activity
from tests.leads.conditions.oracle import Happened, Person
from tests.leads.conditions.trees import CAMPAIGNS, MEMBERS, SEGMENTS, TAGS

NOW = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)  # already the 30th in Athens, the night of DST
ZONE = ZoneInfo("Europe/Athens")
TODAY = date(2026, 3, 30)

COUNTRIES = ("", "India", "Greece", "Greenland")
DAYS_AGO = (-2, 0, 1, 2, 7, 14, 40)
DOMAINS = (("gmail.com", "free"), ("yopmail.com", "disposable"), ("steel.example", "company"))
PAGES: tuple[dict[str, Any], ...] = (
    {"path": "/Pricing/eu", "seconds": 12},
    {"path": "/blog", "seconds": 3.5, "is_first": True},
    {"path": "", "seconds": "12"},
    {},
)
FIELDS = (
    ("size", "number"),
    ("budget", "money"),
    ("city", "text"),
    ("site", "link"),
    ("renews", "date"),
    ("vip", "yes_no"),
    ("adviser", "person"),
)
WANTS: tuple[Any, ...] = (["demo"], ["Price", "call"], [], "demo", None)
USES: tuple[Any, ...] = (["sap", "odoo"], None, ["odoo"])


def days(ago: int) -> datetime:
    return NOW - timedelta(days=ago, hours=ago % 5)


def people(workspace: Workspace, count: int = 24) -> dict[UUID, Person]:
    """Write them down; each differs from the others in its own way."""
    Workspace.objects.filter(pk=workspace.pk).update(time_zone="Europe/Athens")
    _fields()
    companies = _companies()
    made: dict[UUID, Person] = {}
    for number in range(count):
        lead, person = _one(number, companies[number % 3])
        _belong(number, lead, person)
        _act(number, lead, person)
        made[lead.pk] = person
    return made


def _fields() -> None:
    for key, kind in FIELDS:
        CustomField.objects.create(key=key, label=key.title(), kind=kind)
    wants = ["demo", "Price", "call"]
    CustomField.objects.create(key="wants", label="Wants", kind="choices", choices=wants)
    for key, kind, offered in (("seats", "number", []), ("uses", "choices", ["sap", "odoo"])):
        CustomField.objects.create(
            subject="company", key=key, label=key, kind=kind, choices=offered
        )
    for pk in MEMBERS:
        a_member(id=pk)
    for pk in CAMPAIGNS:
        a_campaign(id=pk)
    for name, pk in zip("abc", TAGS, strict=True):
        Tag.objects.create(id=pk, name=name, key=name)
    for name, pk in zip("abc", SEGMENTS, strict=True):
        Segment.objects.create(id=pk, name=name, condition={"all": []})
    for key in ("calls", "letters"):
        Purpose.objects.create(key=key, name=key)


def _companies() -> list[Company | None]:
    """None, one with two tags, one with one of them."""
    first, second = _firms()
    for firm, pk in ((first, TAGS[0]), (first, TAGS[1]), (second, TAGS[1])):
        CompanyTag.objects.create(company=firm, tag_id=pk)
    return [None, first, second]


def _firms() -> list[Company]:
    return [
        a_company(
            industry="Steel",
            employees=40,
            city="Patras",
            owner=Member.objects.get(pk=MEMBERS[0]),
            attributes={"seats": 12, "uses": USES[0]},
        ),
        a_company(industry="", employees=None, attributes={"seats": "many", "uses": USES[2]}),
    ]


def _one(number: int, company: Company | None) -> tuple[Lead, Person]:
    renews = TODAY - timedelta(days=DAYS_AGO[number % 7])
    domain, provider = DOMAINS[number % 3]
    attributes: dict[str, Any] = [
        dict[str, Any](),
        {"size": 12, "vip": True, "city": "Pune", "budget": 10_000, "adviser": MEMBERS[0]},
        {"size": 3.5, "renews": renews.isoformat(), "budget": 9_999, "site": "https://a.example"},
        {"size": "many", "vip": "yes", "renews": "soon", "city": "", "adviser": MEMBERS[1]},
    ][number % 4] | {"wants": WANTS[number % 5]}
    campaign = (None, *CAMPAIGNS)[number // 3 % 3]
    plain: dict[str, Any] = {
        "country": COUNTRIES[number % 4],
        "job_title": ("", "Head of IT", "head")[number % 3],
        "score": (None, 0, 40, 80)[number % 4],
        "stage": ("lead", "mql", "nurturing")[number % 3],
        "stage_entered_at": days(DAYS_AGO[number % 6 + 1]),
        "lead_class": ("", "hot", "cold")[number // 2 % 3],
        "grade": ("", "A", "A+", "F")[number // 3 % 4],
        "do_not_call": number % 2 == 0,
        "last_activity_at": None if number % 5 == 0 else days(DAYS_AGO[number % 7]),
    }
    lead = a_lead(
        **plain,
        email="" if number % 7 == 0 else f"p{number}@{domain}",
        attributes=attributes,
        company=company,
        campaign=Campaign.objects.get(pk=campaign) if campaign else None,
        owner=Member.objects.get(pk=MEMBERS[1]) if number % 2 else None,
    )
    facts = plain | _known(attributes, renews if number % 4 == 2 else None, company)
    facts["email_provider"] = None if number % 7 == 0 else provider
    facts["days_in_stage"] = (TODAY - plain["stage_entered_at"].astimezone(ZONE).date()).days
    facts |= {"campaign": campaign, "owner": MEMBERS[1] if number % 2 else None}
    return lead, Person(facts)


def _known(
    attributes: dict[str, Any], renews: date | None, company: Company | None
) -> dict[str, Any]:
    facts = {f"attributes.{key}": value for key, value in attributes.items()}
    facts["attributes.size"] = _number(attributes.get("size"))
    budget = attributes.get("budget")
    facts["attributes.budget"] = None if budget is None else budget / 100
    facts["attributes.vip"] = True if attributes.get("vip") is True else None
    facts["attributes.wants"] = _several(attributes["wants"])
    facts["attributes.renews"] = renews
    facts["company.tags"] = ()
    if company is None:
        return facts
    owner = company.owner_id
    return facts | {
        "company.industry": company.industry,
        "company.employees": company.employees,
        "company.city": company.city or None,
        "company.owner": str(owner) if owner else None,
        "company.tags": tuple(
            str(pk) for pk in company.company_tags.values_list("tag_id", flat=True)
        ),
        "company.attributes.seats": _number(company.attributes["seats"]),
        "company.attributes.uses": _several(company.attributes["uses"]),
    }


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) else None


def _several(value: Any) -> Any:
    return value if isinstance(value, list) and value else None


def _belong(number: int, lead: Lead, person: Person) -> None:
    """Give it tags, segments it is in or was in, and answers about consent."""
    tags = [pk for n, pk in enumerate(TAGS) if number >> n & 1]
    for pk in tags:
        LeadTag.objects.create(lead=lead, tag_id=pk)
    inside = [pk for n, pk in enumerate(SEGMENTS) if number // 2 >> n & 1]
    for pk in SEGMENTS:
        left = None if pk in inside else days(1)
        Membership.objects.create(lead=lead, segment_id=pk, entered_at=days(7), left_at=left)
    person.facts |= {"tags": tuple(tags), "segments": tuple(inside)}
    person.facts["consent.calls"] = _answer(number, lead)


def _answer(number: int, lead: Lead) -> str:
    calls, letters = Purpose.objects.order_by("key")
    said = ((), (True,), (True, False), (False, True))[number % 4]
    Consent.objects.create(lead=lead, purpose=letters, is_given=False, occurred_at=NOW)
    for nth, is_given in enumerate(said):
        at = NOW - timedelta(days=9 - nth)
        Consent.objects.create(lead=lead, purpose=calls, is_given=is_given, occurred_at=at)
    return ("given" if said[-1] else "withdrawn") if said else "not_asked"


def _act(number: int, lead: Lead, person: Person) -> None:
    for nth in range(number % 5):
        happened: Happened = (
            ("page_view", "visit")[nth % 2],
            days(DAYS_AGO[(number + nth * 2) % 7]),
            PAGES[(number + nth) % 4],
            (number + nth) % 6 == 0,
            {"campaign": (None, *CAMPAIGNS)[nth % 3], "source": ("", "Google")[number % 2]},
        )
        person.activities.append(happened)
        kind, at, properties, is_machine, origin = happened
        an_activity(
            lead,
            kind=kind,
            occurred_at=at,
            properties=properties,
            is_machine=is_machine,
            campaign_id=origin["campaign"],
            source=origin["source"],
        )
