"""Erasing forgets people everywhere, and files cannot bring them back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from capture.models import Import, ImportProblem, Submission
from leadmgmt.kernel.context import current_workspace_id, inside
from leadmgmt.workspaces.models import Member
from leads.actions.erasing import CannotEraseLeads, Erased, erase_leads
from leads.actions.files import add_file
from leads.actions.identities import CannotBringBack
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.removing import take_out
from leads.actions.resolving import Terms, resolve_leads
from leads.hanging import hanging_tables, loose_references
from leads.models import Lead, Merge, PrivacyRequest, RemovedCause, RemovedLead, Tombstone, Visitor
from leads.rows import NewLead
from tests.architecture.rows import Rows
from tests.builders import a_form, a_key, a_lead, a_visitor
from tests.clients import api_of, client_of
from tests.worlds import GLOBEX, World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = NewLead(name="Ann Sample", email="ann@firm.example", phone="+4930123456")
BACK = "was erased at their wish"


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def made(*rows: NewLead) -> list[Lead]:
    ids = [each.lead_id for each in resolve_leads(rows, now=NOW)]
    return [Lead.objects.get(pk=pk) for pk in ids]


def erase(*leads: Lead) -> Erased:
    return erase_leads([each.pk for each in leads], reason="asked us", by=None, now=NOW)


def everything_said() -> str:
    """All rows of the workspace, as text."""
    here = current_workspace_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'workspace_id' AND table_schema = 'public'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE workspace_id = %s", [here]
            )
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found).lower()


def test_whatever_table_hangs_on_a_lead_is_empty_afterwards() -> None:
    rows, here = Rows(), current_workspace_id()
    lead_id = rows.one("leads_lead")["id"]
    for each in hanging_tables()[1:]:
        named = dict.fromkeys(each.leads[:1], lead_id)
        rows.made[here, each.table] = rows.another(each.table, **named)
    for way in loose_references():
        rows.another(way.table, **{way.column: lead_id})
    erased = erase_leads([lead_id], reason="asked us", by=None, now=NOW)
    assert erased.lead_ids == [lead_id]
    assert not RemovedLead.objects.exists()
    for each in hanging_tables()[1:]:
        assert not each.model._base_manager.filter(workspace=here).exists(), each.table
        assert erased.counts[each.table] == 1, each.table


def test_nothing_in_the_workspace_says_the_name_or_the_address(media: Path) -> None:
    (ann,) = made(ANN)
    form = a_form()
    said = {"email": "Ann@firm.example", "name": "Ann Sample"}
    Submission.objects.create(form=form, token="1", lead=ann, values=said, verdict="accepted")
    Submission.objects.create(form=form, token="2", values=said, verdict="spam")
    file = Import.objects.create(name="x.csv", format="csv")
    ImportProblem.objects.create(
        of=file, row=2, verdict="rejected", reason="x", cells=["Ann Sample", "ann@firm.example "]
    )
    visitor = a_visitor(lead=ann)
    add_file(ann, name="Ann Sample.txt", content=ContentFile(b"x"), by=None, now=NOW)
    assert "ann@firm.example" in everything_said()
    erase(ann)
    left = everything_said()
    assert "ann@firm.example" not in left
    assert "ann sample" not in left
    assert "4930123456" not in left
    assert not Visitor.objects.filter(token=visitor.token).exists()


def test_files_on_disk_go_with_the_commit(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    (ann,) = made(ANN)
    add_file(ann, name="a.txt", content=ContentFile(b"x"), by=None, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        erase(ann)
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_removed_leads_and_those_merged_into_them_are_erased_too() -> None:
    ann, bo, cy = made(ANN, NewLead(email="bo@firm.example"), NewLead(email="cy@firm.example"))
    merge_leads(bo.pk, cy.pk, by=None, now=NOW, choices={})
    merge_leads(ann.pk, bo.pk, by=None, now=NOW, choices={})
    take_out([ann.pk], cause=RemovedCause.PERSON, by=None, now=NOW)
    assert erase(ann).lead_ids == [ann.pk]
    assert not RemovedLead.objects.exists()
    assert Tombstone.objects.filter(kind="email").count() == 3
    assert "@firm.example" not in everything_said()


def test_the_other_lead_of_an_undone_merge_forgets_the_name() -> None:
    ann, bo = made(ANN, NewLead(name="Bo", email="bo@firm.example"))
    undo_merge(merge_leads(bo.pk, ann.pk, by=None, now=NOW, choices={}).pk, by=None, now=NOW)
    erase(ann)
    assert not Merge.objects.exists()
    assert Lead.objects.filter(pk=bo.pk).exists()
    assert "ann@firm.example" not in everything_said()
    assert "ann sample" not in everything_said()


def test_a_request_says_how_much_went_and_not_who_it_was(ada: Member) -> None:
    (ann,) = made(ANN)
    erase_leads([ann.pk], reason="asked us", by=ada, now=NOW)
    request = PrivacyRequest.objects.get()
    assert (request.kind, request.reason, request.by, request.done_at) == (
        "erase", "asked us", ada, NOW,
    )  # fmt: skip
    assert request.counts["leads_identity"] == 2
    assert "ann" not in json.dumps(request.counts)
    with pytest.raises(CannotEraseLeads, match="Say why"):
        erase_leads([ann.pk], reason=" ", by=ada, now=NOW)


def test_nobody_but_themselves_brings_them_back() -> None:
    erase(*made(ANN))
    for rows in ([ANN], [NewLead(email="bo@firm.example"), ANN], [NewLead(phone=ANN.phone)]):
        with pytest.raises(CannotBringBack, match=BACK), transaction.atomic():
            resolve_leads(rows, now=NOW)
    (back,) = resolve_leads([ANN], now=NOW, terms=Terms(admits_erased=True))
    assert back.is_new
    (again,) = resolve_leads([ANN], now=NOW)
    assert again.lead_id == back.lead_id


def test_a_shared_telephone_stops_nobody_else() -> None:
    erase(*made(ANN))
    (bo,) = made(NewLead(email="bo@firm.example", phone=ANN.phone))
    assert bo.email == "bo@firm.example"


def test_another_workspace_has_its_own_tombstones() -> None:
    erase(*made(ANN))
    with inside(GLOBEX):
        assert made(ANN)
        erase(*made(ANN))
        theirs = set(Tombstone.objects.values_list("value_hash", flat=True))
    assert theirs.isdisjoint(Tombstone.objects.values_list("value_hash", flat=True))


def test_a_batch_asks_for_tombstones_once() -> None:
    erase(*made(ANN))
    counts = []
    for most in (2, 20):
        rows = [NewLead(email=f"p{most}{number}@firm.example") for number in range(most)]
        with CaptureQueriesContext(connection) as seen:
            resolve_leads(rows, now=NOW)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_admin_erases_after_typing_the_name(ada: Member, max: Member) -> None:
    (ann,) = made(ANN)
    address = f"/w/acme/leads/{ann.pk}/erase/"
    assert client_of(max).get(address).status_code in (403, 404)
    browser = client_of(ada)
    assert "What will be lost" in browser.get(address).content.decode()
    wrong = browser.post(address, {"reason": "asked", "confirmation": "Bo"})
    assert (wrong.status_code, Lead.objects.filter(pk=ann.pk).exists()) == (422, True)
    done = browser.post(address, {"reason": "asked", "confirmation": "Ann Sample"}, follow=True)
    assert "What was erased" in done.content.decode()
    assert "Forget me" in browser.get("/w/acme/privacy/").content.decode()
    assert not Lead.objects.filter(pk=ann.pk).exists()


def test_an_integration_needs_the_scope_to_erase(ada: Member) -> None:
    (ann,) = made(ANN)
    asked = {"lead": str(ann.pk), "reason": "asked us"}
    weak = api_of(a_key(ada, "leads:write"))
    assert weak.post("/api/v1/privacy-requests/", asked).status_code == 403
    api = api_of(a_key(ada))
    done = api.post("/api/v1/privacy-requests/", asked)
    assert (done.status_code, done.json()["kind"]) == (201, "erase")
    known = api.post("/api/v1/leads/", {"email": ANN.email})
    assert (known.status_code, BACK in known.json()["detail"]) == (409, True)
    assert api.post("/api/v1/privacy-requests/", asked).status_code == 422
    assert a_lead()
