"""One click gives a person everything we hold about them, and says that it did."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.models import Member
from leads.actions.disclosing import disclose_lead
from leads.actions.files import add_file
from leads.actions.merging import merge_leads, undo_merge
from leads.hanging import hanging_tables
from leads.models import Lead, PrivacyRequest
from tests.architecture.rows import Rows
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of, client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(parts["data.json"]), parts


def test_every_table_that_hangs_on_the_lead_is_in_the_file(ada: Member) -> None:
    rows = Rows()
    lead_id = rows.one("leads_lead")["id"]
    for each in hanging_tables()[1:]:
        named = dict.fromkeys(each.leads[:1], lead_id)
        rows.made[current_workspace_id(), each.table] = rows.another(each.table, **named)
    with disclose_lead(Lead.objects.get(pk=lead_id), by=ada, now=NOW) as file:
        data, _parts = unpacked(file.read())
    assert set(data) >= {each.table for each in hanging_tables()}
    request = PrivacyRequest.objects.get()
    assert (request.kind, request.by, request.counts["leads_lead"]) == ("access", ada, 1)


def test_files_come_along_and_other_people_do_not(mara: Member, rita: Member) -> None:
    lead = a_lead(name="Ann <b>Sample</b>", email="ann@firm.example")
    other = a_lead(name="Bo Other", email="bo@firm.example")
    an_activity(lead_id=other.pk)
    add_file(lead, name="../offer.txt", content=ContentFile(b"42"), by=None, now=NOW)
    address = f"/w/acme/leads/{lead.pk}/disclose/"
    assert client_of(rita).post(address).status_code in (403, 404)
    answer: Any = client_of(mara).post(address)
    data, parts = unpacked(b"".join(answer.streaming_content))
    assert [row["email"] for row in data["leads_lead"]] == ["ann@firm.example"]
    (name,) = (each for each in parts if each.startswith("files/"))
    assert name.endswith("offer.txt")
    assert ".." not in name
    assert parts[name] == b"42"
    page = parts["index.html"].decode()
    assert "Ann &lt;b&gt;Sample" in page
    assert "Bo Other" not in page


def test_who_was_merged_into_them_is_in_the_file_too(ada: Member) -> None:
    kept, gone = a_lead(name="Ann"), a_lead(name="Annie", job_title="Buyer")
    merge_leads(kept.pk, gone.pk, by=ada, now=NOW, choices={})
    answer: Any = api_of(a_key(ada)).post(
        "/api/v1/privacy-requests/disclose/", {"lead": str(kept.pk)}
    )
    data, _parts = unpacked(b"".join(answer.streaming_content))
    assert {row["name"] for row in data["leads_lead"]} == {"Ann", "Annie"}


def test_who_was_taken_for_them_is_not_told_of(ada: Member) -> None:
    """The merge was undone: they are somebody else."""
    bo = a_lead(name="Bo", email="bo@firm.example", phone="")
    ann = a_lead(name="Ann Sample", email="ann@firm.example", phone="+49301234567")
    done = merge_leads(bo.pk, ann.pk, choices={"email": "gone"}, by=None, now=NOW)
    undo_merge(done.pk, by=None, now=NOW)
    with disclose_lead(Lead.objects.get(pk=bo.pk), by=ada, now=NOW) as file:
        data, parts = unpacked(file.read())
    for told in (json.dumps(data), parts["index.html"].decode()):
        assert "bo@firm.example" in told
        assert not [each for each in ("Ann Sample", "ann@firm", "+49301234567") if each in told]
