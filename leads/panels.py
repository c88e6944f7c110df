"""Panels: what the apps above tell about one lead or one company, shown as cards on its page.

The table is `leadmgmt/panels.py`; this app only knows that there are panels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from leadmgmt.workspaces.access import may
from leads.models import Company, Lead

Told = Mapping[str, Any] | None


@dataclass(frozen=True)
class Panel:
    """A card: its title, the template of its inside, and what the template is told.

    `tell` takes the lead or the company; when it answers None, the card is left out. `title` is
    a lazy translation; an answer with a `panel_title` of its own goes by that.
    """

    title: Any
    template: str
    tell: Callable[[Any], Told]


@dataclass(frozen=True)
class Shown:
    """A card ready to be put on the page."""

    title: Any
    content: SafeString


@dataclass(frozen=True)
class Step:
    """Something one can log on a lead's page of another app, whose address takes the lead's id."""

    label: Any
    icon: str
    url_name: str


_lead_panels: Sequence[Panel] = ()
_steps: Sequence[Step] = ()
_company_panels: Sequence[Panel] = ()


def bind(
    *, lead: Sequence[Panel] = (), company: Sequence[Panel] = (), steps: Sequence[Step] = ()
) -> None:
    """Make these the panels and steps in force (the composition root does, at start-up)."""
    global _lead_panels, _company_panels, _steps
    _lead_panels, _company_panels, _steps = lead, company, steps


def steps_for(role: str) -> list[Step]:
    """What somebody with this role may log beside a note."""
    return [step for step in _steps if may(role, step.url_name, "POST")]


def panels_of_lead(lead: Lead, request: HttpRequest) -> list[Shown]:
    """The cards beside the timeline of `lead`."""
    return shown(_lead_panels, "lead", lead, request)


def panels_of_company(company: Company, request: HttpRequest) -> list[Shown]:
    """The cards on the page of `company`."""
    return shown(_company_panels, "company", company, request)


def shown(panels: Sequence[Panel], noun: str, subject: Any, request: HttpRequest) -> list[Shown]:
    """These cards about `subject`, which their templates know as `noun`."""
    cards = []
    for panel in panels:
        told = panel.tell(subject)
        if told is not None:
            content = render_to_string(panel.template, {noun: subject, **told}, request)
            cards.append(Shown(told.get("panel_title") or panel.title, SafeString(content)))
    return cards
