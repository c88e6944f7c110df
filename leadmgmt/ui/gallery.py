"""Believable data for the component gallery; nothing here reaches a customer."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from .components.charts import Point, Step
from .components.status import CLASSES, STAGES
from .paging import Page

TONES = ("neutral", "accent", "green", "amber", "red", "violet", "sky")
DAILY = (3, 5, 8, 2, 1, 7, 9, 11, 8, 10, 3, 2, 12, 14, 9, 13, 11, 4, 3, 15, 12)
BEFORE = (2, 4, 5, 3, 1, 5, 6, 8, 7, 6, 2, 1, 8, 9, 7, 9, 8, 3, 2, 10, 9)
PEOPLE = (
    ("Anna Keller", "Nordwind Logistik", "mql", "hot", 86, "google / cpc", "", 40),
    (
        "Tomás Ferreira",
        "Atlântico Foods",
        "sql",
        "hot",
        79,
        "Webinar: onboarding",
        "Rita Moss",
        210,
    ),
    ("Irina Sokolova", "Volna Retail", "lead", "warm", 54, "organic", "", None),
    (
        "Δήμητρα Παπαδοπούλου",
        "Aegean Travel",
        "nurturing",
        "cold",
        12,
        "newsletter",
        "Rob Lane",
        None,
    ),
    ("Marcus Oyelaran", "Lagos Fintech Hub", "customer", "warm", 61, "referral", "Rita Moss", None),
    ("j.baptiste@free.example", "", "disqualified", "", None, "trade fair", "", None),
    ("Wei Zhang", "Harbour Instruments", "mql", "warm", 63, "linkedin / paid", "Rob Lane", -25),
)
REASONS = (
    ("Asked for a demo", 30, "yesterday, form “Book a demo”"),
    ("Visited pricing 3 times in 7 days", 20, "last on 20 Nov"),
    ("Head of or director", 15, "job title: Head of operations"),
    ("Company with 50–500 people", 12, ""),
    ("Opened 2 emails", 5, ""),
    ("No activity for 14 days", -6, "between 1 and 15 Nov"),
    ("Free email address", -4, ""),
)


class LeadForm(forms.Form):
    """A form with one field of each kind."""

    name = forms.CharField(label="Name")
    email = forms.EmailField(label="Work email", help_text="We look up the company by its domain.")
    stage = forms.ChoiceField(label="Stage", choices=[("lead", "Lead"), ("mql", "MQL")])
    budget = forms.IntegerField(label="Budget", required=False)
    met_on = forms.DateField(
        label="Met on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    channel = forms.ChoiceField(
        label="Best channel", choices=[("p", "Phone"), ("e", "Email")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label="File", required=False)
    may_write = forms.BooleanField(label="May get the newsletter", required=False)


class ShortForm(forms.Form):
    email = forms.EmailField(label="Work email")


def samples(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    return {
        **_moments(now),
        "funnel": _funnel(),
        "reasons": [dict(zip(("label", "points", "why"), row, strict=True)) for row in REASONS],
        "spark": DAILY, "spark_down": DAILY[::-1],
        "days": [
            Point(f"{day} Nov", value, before)
            for day, (value, before) in enumerate(zip(DAILY, BEFORE, strict=True), 1)
        ],
        "months": [
            Point(month, value * 4_310_000, value * 3_120_000)
            for month, value in zip("JFMAMJJASON", DAILY[6:], strict=False)
        ],
        "leads": _leads(now),
        "page": Page(rows=(), next="x", total=10_001),
        "form": LeadForm(), "short": ShortForm(),
        "wrong": LeadForm({"name": "", "email": "anna@", "budget": "lots"}),
        "stages": STAGES, "classes": CLASSES, "tones": TONES,
    }  # fmt: skip


def _moments(now: datetime) -> dict[str, datetime]:
    hours = {
        "now": 0,
        "hour": -3,
        "yesterday": -26,
        "started": -3,
        "calm": 20,
        "soon": 0.4,
        "over": -2.3,
    }
    return {name: now + timedelta(hours=offset) for name, offset in hours.items()}


def _funnel() -> list[Step]:
    return [
        Step("Visitors", 12_480, "#"),
        Step("Leads", 1_284, "#", 0.1029, "of visitors became leads", "lead"),
        Step("MQL", 312, "#", 0.243, "of leads became MQLs", "mql"),
        Step("SQL", 121, "#", 0.3878, "of MQLs became SQLs", "sql"),
        Step("Customers", 31, "#", 0.2562, "of SQLs became customers", "customer"),
    ]


def _leads(now: datetime) -> list[dict[str, Any]]:
    names = ("name", "company", "stage", "class", "score", "source", "owner", "minutes")
    rows: list[dict[str, Any]] = [dict(zip(names, person, strict=True)) for person in PEOPLE]
    for i, row in enumerate(rows):
        minutes: Any = row["minutes"]
        row["due"] = now + timedelta(minutes=minutes) if minutes is not None else None
        row["started"] = now - timedelta(minutes=200)
        row["last"] = now - timedelta(hours=5**i / 3)
    return rows
