"""Sequences as integrations see them."""

from uuid import uuid4

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Scope, Workspace
from nurturing.actions.enrolling import enrol_leads
from nurturing.models import Enrolment, Sequence
from tests.builders import a_key, a_lead, a_sequence
from tests.clients import api_of

SEQUENCES = "/api/v1/sequences/"


def test_sequences_are_listed_with_their_figures(ada: Member) -> None:
    sequence = a_sequence("Hi", name="Welcome")
    enrol_leads([a_lead().pk], sequences=[sequence], now=timezone.now())
    [row] = api_of(a_key(ada)).get(SEQUENCES).json()["results"]
    assert (row["name"], row["running"], row["sent"], row["is_active"]) == ("Welcome", 1, 0, True)


def test_a_lead_is_enrolled_by_its_id(ada: Member) -> None:
    sequence, lead = a_sequence("Hi"), a_lead()
    client = api_of(a_key(ada))
    answer = client.post(f"{SEQUENCES}{sequence.pk}/enrolments/", {"lead": str(lead.pk)})
    assert answer.status_code == 201
    assert answer.json()["state"] == "running"
    assert Enrolment.objects.get().lead == lead


@pytest.mark.parametrize("case", ["twice", "no email", "paused"])
def test_a_refusal_is_a_problem_with_a_sentence(ada: Member, case: str) -> None:
    sequence, lead = a_sequence("Hi"), a_lead(email="" if case == "no email" else "a@example.org")
    if case == "twice":
        enrol_leads([lead.pk], sequences=[sequence], now=timezone.now())
    if case == "paused":
        Sequence.objects.update(is_active=False)
    client = api_of(a_key(ada))
    answer = client.post(f"{SEQUENCES}{sequence.pk}/enrolments/", {"lead": str(lead.pk)})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("lead", ["", "x", None, ["a"]])
def test_what_is_no_id_is_refused(ada: Member, lead: object) -> None:
    path = f"{SEQUENCES}{a_sequence('Hi').pk}/enrolments/"
    assert api_of(a_key(ada)).post(path, {"lead": lead}).status_code in (400, 422)


def test_other_workspaces_rows_do_not_exist(ada: Member, globex: Workspace) -> None:
    mine = a_sequence("Hi")
    with inside(globex.pk):
        theirs, their_lead = a_sequence("Hi"), a_lead()
    client = api_of(a_key(ada))
    for sequence, lead in ((theirs.pk, a_lead().pk), (mine.pk, their_lead.pk), (mine.pk, uuid4())):
        answer = client.post(f"{SEQUENCES}{sequence}/enrolments/", {"lead": str(lead)})
        assert answer.status_code == 404
    assert [row["id"] for row in client.get(SEQUENCES).json()["results"]] == [str(mine.pk)]


def test_a_key_without_the_scope_is_turned_away(ada: Member) -> None:
    sequence, lead = a_sequence("Hi"), a_lead()
    client = api_of(a_key(ada, Scope.LEADS_READ))
    path = f"{SEQUENCES}{sequence.pk}/enrolments/"
    assert client.get(SEQUENCES).status_code == 200
    assert client.post(path, {"lead": str(lead.pk)}).status_code == 403
