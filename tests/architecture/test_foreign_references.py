"""Rows of another workspace named in forms and bodies: as unknown as rows that are not.

The addresses themselves are tried in `test_access` and `test_api_access`; here everything about a
request is right except for one reference.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Role
from nurturing.models import Sequence
from tests.architecture.routes import MISSING
from tests.architecture.sides import CANARY, foreign_rows, state, text
from tests.builders import a_deal, a_key, a_lead, a_product, a_sequence, a_team
from tests.clients import api_of, client_of
from tests.worlds import World

pytestmark = pytest.mark.usefixtures("world")

Sent = tuple[str, dict[str, Any]]
BANT = {"answers": {key: {"answer": "yes"} for key in ("budget", "authority", "need", "timing")}}


def _costs(lead: UUID, other: UUID) -> Sent:
    days = {"starts_on": "2026-06-01", "ends_on": "2026-06-30"}
    return workspace_reverse("reports:cost_list"), {
        "amount": "5", "lever": "seo", "campaign": other, **days
    }  # fmt: skip


def _deal(lead: UUID, other: UUID) -> Sent:
    return workspace_reverse("funnel:deal_add"), {"key": "k", "name": "Deal", "lead": other}


def _owner(lead: UUID, other: UUID) -> Sent:
    return workspace_reverse("leads:lead_assign", id=lead), {"owner": other}


def _enrolment(lead: UUID, other: UUID) -> Sent:
    return workspace_reverse("nurturing:enrol", lead_id=lead), {"sequence": other}


def _sequence(lead: UUID, other: UUID) -> Sent:
    data = {"name": "New", "trigger": "form", "trigger_form": other}
    return workspace_reverse("nurturing:sequence_new"), data


def _form(lead: UUID, other: UUID) -> Sent:
    asked = {"q-email-order": 1, "q-email-label": "Email", "q-email-required": "on"}
    data = {"name": "Form", "button": "Send", "thanks": "Thanks", "campaign": other, **asked}
    return workspace_reverse("capture:form_new"), data


PAGES: dict[str, tuple[str, Callable[[UUID, UUID], Sent]]] = {
    "campaign of a cost": ("leads_campaign", _costs),
    "lead of a deal": ("leads_lead", _deal),
    "owner of a lead": ("workspaces_member", _owner),
    "sequence of an enrolment": ("nurturing_sequence", _enrolment),
    "form that starts a sequence": ("capture_form", _sequence),
    "campaign of a form": ("leads_campaign", _form),
}
API: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "owner": ("workspaces_member", "patch", "leads/{lead}/", {"owner": "*"}),
    "campaign": ("leads_campaign", "post", "leads/", {"name": "A", "campaign": "*"}),
    "campaign of a row": (
        "leads_campaign", "post", "leads/bulk/", {"leads": [{"name": "A", "campaign": "*"}]}
    ),
    "lead of a deal": ("leads_lead", "post", "deals/", {"lead": "*", "name": "Deal"}),
    "seller": (
        "workspaces_member", "post", "deals/", {"lead": "{lead}", "name": "Deal", "by": "*"}
    ),
    "winner": (
        "workspaces_member", "post", "deals/{deal}/win/", {"amount": 9, "margin": 3, "by": "*"}
    ),
    "loser": ("workspaces_member", "post", "deals/{deal}/lose/", {"reason": "No", "by": "*"}),
    "claimer": ("workspaces_member", "post", "queue/{mql}/claim/", {"member": "*"}),
    "next claimer": ("workspaces_member", "post", "queue/next/", {"member": "*"}),
    "lead of a move": (
        "leads_lead", "post", "moves/", {"lead": "*", "stage": "nurturing", "reason": "No"}
    ),
    "mover": (
        "workspaces_member", "post", "moves/",
        {"lead": "{lead}", "stage": "nurturing", "reason": "No", "by": "*"},
    ),
    "lead of an attempt": (
        "leads_lead", "post", "attempts/", {"lead": "*", "kind": "call", "outcome": "reached"}
    ),
    "caller": (
        "workspaces_member", "post", "attempts/",
        {"lead": "{lead}", "kind": "call", "outcome": "reached", "by": "*"},
    ),
    "qualified lead": (
        "leads_lead", "post", "qualifications/", {"lead": "*", "outcome": "positive", **BANT}
    ),
    "qualifier": (
        "workspaces_member", "post", "qualifications/",
        {"lead": "{mql}", "outcome": "positive", "spoken_to": "A", "is_authorised": True,
         "by": "*", **BANT},
    ),
    "half qualified lead": ("leads_lead", "post", "qualifications/progress/", {"lead": "*"}),
    "handed to": ("workspaces_member", "post", "queue/{mql}/hand-over/", {"to": "*"}),
    "handed by": ("workspaces_member", "post", "queue/{mql}/wake/", {"by": "*"}),
    "decided by": (
        "workspaces_member", "post", "queue/{mql}/accept/", {"reason": "fits", "by": "*"}
    ),
    "stage of a new deal": (
        "funnel_pipelinestage", "post", "deals/", {"lead": "{lead}", "name": "Deal", "stage": "*"}
    ),
    "stage a deal goes to": ("funnel_pipelinestage", "post", "deals/{deal}/move/", {"stage": "*"}),
    "stage a deal was seen in": (
        "funnel_pipelinestage", "post", "deals/{deal}/move/", {"stage": "{stage}", "seen_in": "*"}
    ),
    "product of a line": (
        "funnel_product", "put", "deals/{deal}/lines/", {"lines": [{"product": "*", "quantity": 1}]}
    ),
    "line of a deal": (
        "funnel_dealline", "put", "deals/{deal}/lines/",
        {"lines": [{"id": "*", "product": "{product}", "quantity": 1}]},
    ),
    "who writes lines": (
        "workspaces_member", "put", "deals/{deal}/lines/", {"lines": [], "by": "*"}
    ),
    "owner of a deal": ("workspaces_member", "patch", "deals/{deal}/", {"owner": "*"}),
    "reason of a loss": (
        "funnel_closereason", "post", "deals/{deal}/lose/", {"close_reason": "*"}
    ),
    "pipeline of a stage": (
        "funnel_pipeline", "post", "pipeline-stages/",
        {"pipeline": "*", "name": "Next", "probability": 5},
    ),
    "stage deals go on in": (
        "funnel_pipelinestage", "post", "pipeline-stages/{stage}/retire/", {"into": "*"}
    ),
    "snoozed by": (
        "workspaces_member", "post", "queue/{mql}/snooze/", {"until": "{soon}", "by": "*"}
    ),
    "rejected by": (
        "workspaces_member", "post", "queue/{mql}/reject/",
        {"reason": "wrong_person", "words": "No", "by": "*"},
    ),
    "member of a team": ("workspaces_member", "post", "teams/", {"name": "T", "members": ["*"]}),
    "who is absent": (
        "workspaces_member", "post", "absences/",
        {"member": "*", "from_on": "2026-06-01", "until_on": "2026-06-02"},
    ),
    "whose share": ("workspaces_member", "put", "teams/{team}/shares/", {"member": "*"}),
    "team of a definition": (
        "workspaces_team", "post", "definitions/",
        {"stage": "mql", "explanation": "E", "reason": "R", "owner_team": "*"},
    ),
    "team of a rule": (
        "workspaces_team", "put", "routing/draft/",
        {"rules": [{"name": "R", "target": "team", "team": "*"}]},
    ),
    "lead of a handover": (
        "leads_lead", "post", "handovers/",
        {"lead": "*", "closer": "{closer}", "what": "Call", "until": "{soon}"},
    ),
    "enrolled lead": ("leads_lead", "post", "sequences/{sequence}/enrolments/", {"lead": "*"}),
}  # fmt: skip


@pytest.mark.parametrize("what", PAGES)
def test_a_form_takes_no_foreign_row(what: str, world: World) -> None:
    table, made = PAGES[what]
    lead, foreign = a_lead(stage="sql").pk, foreign_rows()
    client, before = client_of(world.ada), state()
    for other in (foreign[table], MISSING):
        answer = client.post(*made(lead, other))
        assert answer.status_code in ((302, 404) if "enrol" in what else (404, 422))
        assert CANARY not in text(answer)
    assert state() == before


@pytest.fixture
def places(world: World) -> dict[str, Any]:
    """Rows of our own that addresses and bodies name."""
    deal = a_deal(a_lead(stage="sql", owner=world.rita))
    sequence: Sequence = a_sequence()
    mql = a_lead(stage="mql", owner=world.rita)
    rows: dict[str, Any] = {"lead": deal.lead, "deal": deal, "mql": mql, "sequence": sequence}
    rows |= {"stage": deal.stage, "team": a_team("South", world.rita), "closer": world.rob}
    rows["product"] = a_product()
    soon = (timezone.now() + timedelta(days=1)).isoformat()
    Member.objects.filter(pk=world.rob.pk).update(role=Role.CLOSER)
    return {name: str(row.pk) for name, row in rows.items()} | {"soon": soon}


def _filled(value: Any, places: dict[str, Any], other: UUID) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, places, other) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, places, other) for each in value]
    if value == "*":
        return str(other)
    return value.format(**places) if isinstance(value, str) else value


def _codes(what: str, places: dict[str, Any], others: list[UUID], world: World) -> list[int]:
    _table, method, path, body = API[what]
    send = getattr(api_of(a_key(world.ada)), method)
    found = []
    for other in others:
        answer = send(f"/api/v1/{path.format(**places)}", _filled(body, places, other))
        assert CANARY not in text(answer)
        found.append(answer.status_code)
    return found


@pytest.mark.parametrize("what", API)
def test_the_api_takes_no_foreign_row(what: str, places: dict[str, Any], world: World) -> None:
    foreign, before = foreign_rows(), state()
    theirs, missing = _codes(what, places, [foreign[API[what][0]], uuid4()], world)
    assert theirs == missing
    assert theirs in (400, 404, 422)
    assert state() == before


@pytest.mark.parametrize("what", [each for each in API if API[each][0] == "workspaces_member"])
def test_nobody_acts_for_a_member_who_has_left(
    what: str, places: dict[str, Any], world: World
) -> None:
    left: Member = world.rita
    Member.objects.filter(pk=left.pk).update(left_at=left.joined_at)
    [code] = _codes(what, places, [left.pk], world)
    assert code in (404, 422)


@pytest.mark.parametrize("what", [each for each in API if API[each][0] == "workspaces_member"])
def test_for_a_present_member_it_is_done(what: str, places: dict[str, Any], world: World) -> None:
    [code] = _codes(what, places, [world.rita.pk], world)
    assert code in (200, 201, 204)
