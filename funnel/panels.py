"""What the funnel tells on the page of a lead, and of a company."""

from typing import Any

from django.utils import timezone

from funnel.models import Answer, Playbook, Qualification
from funnel.playbook import Question
from funnel.queries.cycles import cycles_of
from funnel.queries.playbooks import questions_asked
from funnel.queries.story import (
    cools_off_until,
    deals_of,
    deals_with,
    last_qualification,
    may_be_claimed,
    moves_of,
    open_qualification,
)
from leads.models import Company, Lead, Stage


def stage_panel(lead: Lead) -> dict[str, Any]:
    """Where the lead stands, how it came there, and what was found out."""
    moves, told = moves_of(lead), last_qualification(lead)
    until = cools_off_until(lead, moves)
    return {
        "moves": moves,
        "open_qualification": open_qualification(lead),
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
    return [(each, Answer(said["answer"]), said) for each, said in found if said]


def cycles_panel(lead: Lead) -> dict[str, Any]:
    """Since when the present cycle runs, and what the closed ones were."""
    return {"cycles": cycles_of(lead), "began_at": lead.cycle_began_at or lead.created_at}


def deals_panel(lead: Lead) -> dict[str, Any]:
    """What was offered to the lead, and what was sold."""
    return {
        "deals": deals_of(lead),
        "may_be_sold_to": lead.stage in (Stage.SQL, Stage.CUSTOMER),
    }


def company_deals_panel(company: Company) -> dict[str, Any]:
    """What was offered to the company and its people, and what was sold."""
    return {"deals": deals_with(company), "may_be_sold_to": False, "is_of_company": True}
