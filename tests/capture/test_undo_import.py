"""Undoing an import takes away what it made, restores what it changed, and leaves the rest."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from capture.actions import undoing
from capture.actions.standing import CannotChangeImport
from capture.actions.undoing import CannotUndoImport, undo_import
from capture.models import Import, ImportStatus, TraceKind
from capture.queries import stayed_of
from funnel.actions.stages import enter_stage
from funnel.models import Customer
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions.companies import change_company
from leads.actions.editing import change_lead
from leads.actions.notes import log_note
from leads.actions.removing import put_back, take_out
from leads.actions.resolving import resolve_leads
from leads.actions.segments import create_segment
from leads.models import (
    Company,
    CompanyChange,
    CustomField,
    Identity,
    Lead,
    LeadTag,
    Membership,
    ProfileChange,
    RemovedCause,
    RemovedLead,
)
from leads.rows import NewLead
from tests.builders import a_key
from tests.clients import api_of, client_of, drain
from tests.imports import an_import, moved

FAIR = """Name,Email,Phone,City,Size,Tags,Company,Industry
Anna Berg,anna@berg.example,+49 30 1234567,Berlin,12,vip,Berg,Energy
Bo Lind,bo@lind.example,,Oslo,7,,Lind,Water
Cora Sand,cora@sand.example,,Rome,,vip,Sand,Lifts
"""


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def undo(mara: Member, made: Import) -> Import:
    undo_import(made.pk, by=mara, now=timezone.now())
    return moved(made)


def known_anna() -> Lead:
    Company.objects.create(name="Berg GmbH", domain="berg.example", industry="")
    row = NewLead(name="Anna", email="anna@berg.example", attributes={"size": 3})
    (found,) = resolve_leads([row], now=timezone.now())
    return Lead.objects.get(pk=found.lead_id)


def facts_of(lead: Lead) -> dict[str, Any]:
    lead.refresh_from_db()
    names = ("name", "email", "phone", "city", "company_id", "attributes", "source")
    return {name: getattr(lead, name) for name in names}


def test_what_it_made_is_gone_and_what_it_changed_is_as_before(mara: Member) -> None:
    anna = known_anna()
    before = facts_of(anna)
    made = an_import(mara, FAIR, known="overwrite")
    assert (made.created, made.updated) == (2, 1)
    anna.refresh_from_db()
    assert (anna.name, anna.phone, anna.city) == ("Anna Berg", "+49301234567", "Berlin")
    done = undo(mara, made)
    assert done.status == ImportStatus.UNDONE
    assert (done.undone["leads_removed"], done.undone["leads_kept"]) == (2, 0)
    assert facts_of(anna) == before
    assert list(Lead.objects.all()) == [anna]
    assert not Identity.objects.filter(value="+49301234567").exists()
    assert not LeadTag.objects.exists()
    assert [company.name for company in Company.objects.all()] == ["Berg GmbH"]
    assert Company.objects.get().industry == ""
    assert not CustomField.objects.filter(retired_at=None).exists()


def test_what_a_company_said_before_is_kept_when_it_says_it_again(mara: Member) -> None:
    known_anna()
    undo(mara, an_import(mara, FAIR, known="overwrite"))
    kept = CompanyChange.objects.order_by("changed_at", "id")
    assert [(each.field, each.old, each.new, each.via) for each in kept] == [
        ("industry", "", "Energy", "import"),
        ("industry", "Energy", "", "person"),
    ]
    assert kept[1].by_id == mara.pk


def test_colleagues_not_in_the_file_enter_and_leave_segments_with_their_company(
    mara: Member,
) -> None:
    known_anna()
    (max_berg,) = resolve_leads([NewLead(name="Max", email="max@berg.example")], now=timezone.now())
    energy = {"field": "company.industry", "is": "Energy"}
    segment = create_segment(name="Energy", condition=energy, by=mara, now=timezone.now())
    drain()
    made = an_import(mara, FAIR, known="overwrite")
    drain()
    there = Membership.objects.filter(segment=segment, left_at=None, lead=max_berg.lead_id)
    assert there.exists()
    undo(mara, made)
    drain()
    assert not there.exists()


def test_what_somebody_corrected_since_has_no_new_line(mara: Member) -> None:
    known_anna()
    made = an_import(mara, FAIR, known="overwrite")
    firm = Company.objects.get(domain="berg.example")
    change_company(firm, changes={"industry": "Wind"}, now=timezone.now())
    undo(mara, made)
    firm.refresh_from_db()
    assert firm.industry == "Wind"
    assert CompanyChange.objects.count() == 2


def test_leads_it_made_can_be_put_back(mara: Member) -> None:
    made = undo(mara, an_import(mara, FAIR))
    assert RemovedLead.objects.filter(cause_id=made.pk).count() == 3
    put_back(cause_id=made.pk, by=mara, now=timezone.now())
    assert Lead.objects.count() == 3


def test_leads_somebody_touched_stay_and_are_listed(mara: Member) -> None:
    made = an_import(mara, FAIR)
    bo, cora = Lead.objects.get(email="bo@lind.example"), Lead.objects.get(city="Rome")
    log_note(bo, text="Called, wants a demo", by=mara, now=timezone.now())
    change_lead(cora, changes={"city": "Milan"}, now=timezone.now())
    done = undo(mara, made)
    assert (done.undone["leads_removed"], done.undone["leads_kept"]) == (1, 2)
    assert set(Lead.objects.all()) == {bo, cora}
    assert LeadTag.objects.filter(lead=cora).exists()
    assert {each.object_id for each in stayed_of(done)} == {bo.pk, cora.pk}
    page = client_of(mara).get(workspace_reverse("capture:import", id=made.pk)).content.decode()
    assert "Bo Lind" in page


def test_fields_somebody_changed_since_stay_and_are_listed(mara: Member) -> None:
    anna = known_anna()
    made = an_import(mara, FAIR, known="overwrite")
    change_lead(anna, changes={"city": "Hamburg"}, now=timezone.now())
    done = undo(mara, made)
    anna.refresh_from_db()
    assert (anna.name, anna.city, anna.attributes) == ("Anna", "Hamburg", {"size": 3})
    assert [(each.object_id, each.field) for each in stayed_of(done)] == [(anna.pk, "city")]


def test_the_same_file_twice_is_undone_one_after_the_other(mara: Member) -> None:
    first = an_import(mara, FAIR)
    second = an_import(mara, FAIR.replace("Oslo", "Bergen"), known="overwrite")
    undo(mara, second)
    assert Lead.objects.get(email="bo@lind.example").city == "Oslo"
    assert undo(mara, first).undone["leads_kept"] == 1  # its field was changed and changed back


def test_an_undo_survives_a_worker_that_dies_between_chunks(
    mara: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "CHUNK", 1)
    made = an_import(mara, FAIR)
    undo_import(made.pk, by=mara, now=timezone.now())
    for _turn in range(30):
        undoing.undo_chunk(made.pk, now=timezone.now())
        undoing.undo_chunk(made.pk, now=timezone.now())  # as by a second worker
    made.refresh_from_db()
    assert (made.status, made.undone["leads_removed"]) == (ImportStatus.UNDONE, 3)
    assert not Lead.objects.exists()


def test_an_old_or_running_or_undone_import_cannot_be_undone(mara: Member) -> None:
    made = an_import(mara, FAIR)
    with pytest.raises(CannotUndoImport, match="30 days"):
        undo_import(made.pk, by=mara, now=timezone.now() + timedelta(days=31))
    undo(mara, made)
    with pytest.raises(CannotChangeImport):
        undo_import(made.pk, by=mara, now=timezone.now())


def test_an_import_is_undone_by_page_and_api(mara: Member, ada: Member) -> None:
    made = an_import(mara, FAIR)
    page = workspace_reverse("capture:import", id=made.pk)
    assert "Undo import" in client_of(mara).get(page).content.decode()
    client_of(mara).post(workspace_reverse("capture:import_undo", id=made.pk))
    assert moved(made).status == ImportStatus.UNDONE
    again = an_import(mara, FAIR)
    api = api_of(a_key(ada))
    assert api.post(f"/api/v1/imports/{again.pk}/undo/", {}).json()["status"] == "undoing"
    moved(again)
    said = api.get(f"/api/v1/imports/{again.pk}/").json()
    assert (said["status"], said["undone"]["leads_removed"]) == ("undone", 3)
    assert api.get(f"/api/v1/imports/{again.pk}/stayed/").json()["results"] == []
    assert api.post(f"/api/v1/imports/{again.pk}/undo/", {}).status_code == 409


def test_each_changed_field_is_kept_with_the_import(mara: Member) -> None:
    anna = known_anna()
    made = an_import(mara, FAIR)
    changes = ProfileChange.objects.filter(lead=anna, via="import", via_id=made.pk)
    told = {each.field: (each.old, each.new) for each in changes}
    assert told["city"] == ("", "Berlin")
    assert told["phone"] == ("", "+49301234567")
    assert told["identities.phone"] == (None, "+49301234567")
    assert not {"name", "attributes.size"} & told.keys()  # known before, only blanks are filled
    assert len(made.traces.get(kind=TraceKind.LEAD).after or []) == 2


def test_a_company_that_has_bought_stays(mara: Member) -> None:
    made = an_import(mara, FAIR)
    bo = Lead.objects.get(name="Bo Lind")
    enter_stage([bo.pk], stage="customer", reason="Bought", now=timezone.now())
    take_out([bo.pk], cause=RemovedCause.PERSON, by=mara, now=timezone.now())
    assert undo(mara, made).status == ImportStatus.UNDONE
    assert [company.name for company in Company.objects.all()] == ["Lind"]
    assert Customer.objects.get().company == Company.objects.get()
