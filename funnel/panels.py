"""What the funnel tells on the page of a lead, and of a company."""

from datetime import date
from typing import Any

from django.utils import timezone

from funnel.actions.leaving import definition_of
from funnel.models import Answer, Playbook, Qualification
from funnel.playbook import Question
from funnel.queries.company_rules import stage_of_company
from funnel.queries.cycles import cycles_of
from funnel.queries.entry import entry_check
from funnel.queries.moves import stays_of
from funnel.queries.playbooks import questions_asked
from funnel.queries.story import (
    cools_off_until,
    deals_of,
    deals_with,
    may_be_claimed,
    qualifications_of,
)
from funnel.queries.subcategories import subcategory_of
from leads.models import Company, Lead, Stage


def stage_panel(lead: Lead) -> dict[str, Any]:
    """Where the lead stands, how it came there, and what was found out."""
    now = timezone.now()
    stays = stays_of(lead, now=now)
    begun, told = qualifications_of(lead)
    until = cools_off_until(lead, [stay.move for stay in stays])
    return {
        "stays": stays,
        "in_stage": now - lead.stage_entered_at,
        "subcategory": subcategory_of(lead, definition_of(lead.stage), now=now),
        "open_qualification": begun,
        "qualification": told,
        "answers": answers_in_words(told) if told else [],
        "is_claimable": may_be_claimed(lead),
        "may_be_qualified": lead.stage not in (Stage.CUSTOMER, Stage.DISQUALIFIED),
        "cools_off_until": until if until and until > timezone.now() else None,
    }


def answers_in_words(told: Qualification) -> list[tuple[Question, Answer, dict[str, Any]]]:
    """The questions that were asked, as they were worded, with what was answered."""
    questions = questions_asked(told, told.playbook or Playbook())
    found = ((each, told.answers.get(each.key)) for each in questions)
    return [(each, Answer(said["answer"]), _dated(said)) for each, said in found if said]


def _dated(said: dict[str, Any]) -> dict[str, Any]:
    """The answer with its day as a date, to be shown as the workspace writes days."""
    on = said.get("on")
    return said | {"on": date.fromisoformat(on) if on else None}


def entry_panel(lead: Lead) -> dict[str, Any] | None:
    """What would let the lead into the next stage; nothing for who has arrived."""
    entry = entry_check(lead, now=timezone.now())
    return {"entry": entry} if entry else None


def company_stage_panel(company: Company) -> dict[str, Any]:
    """Which rule and which people gave the company its stage, and since when."""
    since = company.stage_entered_at
    return {
        "given": stage_of_company(company),
        "in_stage": timezone.now() - since if since else None,
    }


def cycles_panel(lead: Lead) -> dict[str, Any]:
    """Since when the present cycle runs, and what the closed ones were."""
    return {"cycles": cycles_of(lead), "began_at": lead.cycle_began_at or lead.created_at}


def deals_panel(lead: Lead) -> dict[str, Any]:
    """What was offered to the lead, and what was sold: nothing before it was an SQL once."""
    was_sold_to = lead.highest_stage in (Stage.SQL, Stage.CUSTOMER)
    return {
        "deals": deals_of(lead) if was_sold_to else [],
        "may_be_sold_to": lead.stage in (Stage.SQL, Stage.CUSTOMER),
    }


def company_deals_panel(company: Company) -> dict[str, Any]:
    """What was offered to the company and its people, and what was sold."""
    return {"deals": deals_with(company), "may_be_sold_to": False, "is_of_company": True}
