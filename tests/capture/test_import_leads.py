"""An import from upload to result: what becomes of each row, and what a crash cannot spoil."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from capture.actions import chunks
from capture.actions.chunks import import_chunk
from capture.actions.importing import cancel_import, resume_import, settle_import, start_import
from capture.actions.mapping import CannotStartImport, Settings
from capture.actions.standing import CannotChangeImport
from capture.actions.trying import try_first_rows
from capture.actions.uploading import upload_import
from capture.importing import store
from capture.importing.leftout import harmless
from capture.models import Import, ImportProblem, ImportStatus
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Activity, CustomField, Identity, Lead
from tests.clients import client_of, drain

FAIR = """Name;E-mail;Phone;Company;Budget;Newsletter;City
Anna Berg;anna@berg.example;+49 30 1234567;Berg GmbH;12.000,50;yes;Berlin
Bo;not-an-email;;X;5;no;Oslo

N/A;Select;-;;;;
Carl;carl@firm.example;;Firm;lots;yes;Select
Dora;dora@firm.example;;Firm;7;no;=cmd|calc
Emil;emil@firm.example;;Firm;9;no;Rome;extra
Anna;anna@berg.example;;;;;
;nobody
"""
FAIR_MAPPING = [
    "name", "email", "phone", "company_name", "new:number", "new:yes_no", "city",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(mara: Member, text: str = FAIR) -> Import:
    return upload_import("fair.csv", [text.encode()], by=mara, now=timezone.now())


def settle(made: Import, **given: Any) -> Import:
    standard = {"mapping": FAIR_MAPPING, "identity": "email", "unknown_words": made.unknown_words}
    return settle_import(made.pk, Settings(**standard | given))


def run(mara: Member, made: Import) -> Import:
    start_import(made.pk, by=mara, now=timezone.now())
    drain()
    made.refresh_from_db()
    return made


def test_each_row_ends_as_a_lead_or_with_a_reason(mara: Member) -> None:
    made = settle(upload(mara))
    counted = try_first_rows(made)
    done = run(mara, made)
    result = (done.created, done.updated, done.skipped, done.rejected)
    assert result == (2, 1, 1, 4)
    assert (counted.created, counted.updated, counted.skipped, counted.rejected) == result
    assert sum(result) == done.rows == done.handled
    anna = Lead.objects.get(email="anna@berg.example")
    assert (anna.name, anna.city, str(anna.company)) == ("Anna Berg", "Berlin", "Berg GmbH")
    assert anna.attributes == {"budget": 12000.5, "newsletter": True}
    reasons = dict(ImportProblem.objects.values_list("row", "reason"))
    assert sorted(reasons) == [3, 5, 6, 8, 10]
    assert "Budget: “lots” is not a number" in reasons[6]
    assert "8 cells" in reasons[8]
    assert Activity.objects.filter(kind="imported").count() == 2


def test_nothing_is_written_before_the_start(mara: Member) -> None:
    try_first_rows(settle(upload(mara)))
    assert not Lead.objects.exists()
    assert not CustomField.objects.exists()


def test_known_leads_keep_or_change_what_they_say(mara: Member) -> None:
    text = "name,email,city\nNew name,a@b.example,Oslo\n"
    first = upload(mara, "name,email\nOld name,a@b.example\n")
    run(mara, first)
    run(mara, upload(mara, text))
    lead = Lead.objects.get()
    assert (lead.name, lead.city) == ("Old name", "Oslo")
    again = upload(mara, text)
    settle_import(
        again.pk, Settings(again.mapping, "email", again.unknown_words, known="overwrite")
    )
    run(mara, again)
    lead.refresh_from_db()
    assert lead.name == "New name"


def test_unknown_words_are_the_members_to_choose(mara: Member) -> None:
    made = upload(mara, "name,email,city\nSelect,a@b.example,none of it\n")
    settle_import(made.pk, Settings(made.mapping, "email", ["none of it"]))
    run(mara, made)
    lead = Lead.objects.get()
    assert (lead.name, lead.city) == ("Select", "")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"mapping": ["name"]}, "Choose for each column"),
        ({"mapping": ["name", "email", "stage", "", "", "", ""]}, "Choose for each column"),
        ({"mapping": ["name", "email", "email", "", "", "", ""]}, "Two columns go to “Email”"),
        ({"mapping": ["", "", "", "", "", "", "city"], "identity": ""}, "At least one column"),
        (
            {"identity": "phone", "mapping": ["name", "email", "", "", "", "", ""]},
            "No column goes to “Phone”",
        ),
    ],
)
def test_a_mapping_that_says_too_little_is_refused(
    mara: Member, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotStartImport, match=sentence):
        settle(upload(mara), **given)


def test_an_import_cannot_be_started_twice(mara: Member) -> None:
    made = settle(upload(mara))
    start_import(made.pk, by=mara, now=timezone.now())
    with pytest.raises(CannotChangeImport):
        start_import(made.pk, by=mara, now=timezone.now())


def test_a_cancelled_import_goes_on_where_it_stopped(
    mara: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 2)
    made = settle(upload(mara))
    start_import(made.pk, by=mara, now=timezone.now())
    import_chunk(made.pk, now=timezone.now())
    cancel_import(made.pk, now=timezone.now())
    drain()
    made.refresh_from_db()
    assert (made.status, made.handled) == (ImportStatus.CANCELLED, 2)
    resume_import(made.pk, now=timezone.now())
    drain()
    made.refresh_from_db()
    assert (made.status, made.handled, made.created) == (ImportStatus.DONE, 8, 2)


class Killed(BaseException):
    """What kill -9 is to a transaction."""


class DieAt:
    """Dies in front of the n-th statement; `count` statements were sent."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count == self.number:
            raise Killed
        return execute(sql, params, many, context)


def facts() -> tuple[Any, ...]:
    leads = Lead.objects.order_by("email").values_list("name", "email", "attributes")
    problems = ImportProblem.objects.order_by("row").values_list("row", "verdict")
    counts = Import.objects.values_list(
        "status", "handled", "created", "updated", "skipped", "rejected", "cursor"
    )
    return (
        list(map(str, leads)),
        list(problems),
        list(counts),
        Identity.objects.count(),
        Activity.objects.filter(kind="imported").count(),
    )


def test_a_worker_killed_at_any_statement_spoils_nothing(
    mara: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 3)
    made = settle(upload(mara))
    start_import(made.pk, by=mara, now=timezone.now())
    before = transaction.savepoint()
    with connection.execute_wrapper(counter := DieAt(0)):
        finish(made)
    expected = facts()
    transaction.savepoint_rollback(before)
    for number in range(1, counter.count + 1):
        point = transaction.savepoint()
        with connection.execute_wrapper(DieAt(number)), pytest.raises(Killed):
            finish(made)
        finish(made)
        assert facts() == expected, f"killed at statement {number}"
        transaction.savepoint_rollback(point)


def finish(made: Import) -> None:
    """Chunk after chunk, as the outbox sends them."""
    while Import.objects.filter(pk=made.pk, status=ImportStatus.RUNNING).exists():
        import_chunk(made.pk, now=timezone.now())


def test_a_marketer_imports_by_the_pages_alone(mara: Member) -> None:
    client = client_of(mara)
    file = SimpleUploadedFile("../../fair <b>.csv", FAIR.encode())
    answer = client.post(workspace_reverse("capture:import_new"), {"file": file})
    made = Import.objects.get()
    mapping = workspace_reverse("capture:import_mapping", id=made.pk)
    assert answer["Location"] == mapping
    page = client.get(mapping).content.decode()
    assert "anna@berg.example" in page
    assert "&lt;b&gt;" in page
    chosen = {f"column-{number}": target for number, target in enumerate(FAIR_MAPPING)}
    data = chosen | {"identity": "email", "unknown_words": "select, n/a, -", "known": "fill", "fires": "no", "origin": "own", "uses": ["email", "call"]}  # fmt: skip  # noqa: E501
    assert client.post(mapping, data | {"do": "check"})["Location"].startswith(mapping)
    assert "Rejected rows" in client.get(mapping + "?counts=1").content.decode()
    client.post(mapping, data | {"do": "start"})
    result = workspace_reverse("capture:import", id=made.pk)
    assert "hx-trigger" in client.get(result).content.decode()
    drain()
    page = client.get(result).content.decode()
    assert "every 1s" not in page
    assert "is not a number" in page
    left_out = client.get(workspace_reverse("capture:import_problems", id=made.pk))
    lines = b"".join(left_out.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Name,E-mail")
    assert lines[0].endswith("City,Row left out,Reason left out")
    assert len(lines) == 6


def test_a_wrong_file_is_refused_at_its_field(mara: Member) -> None:
    for data in (b"", b"\x89PNG" + bytes(500), b"only a header\n", b"\n\n", b",,,\n1,2,3,4\n"):
        file = SimpleUploadedFile("x.csv", data)
        answer = client_of(mara).post(workspace_reverse("capture:import_new"), {"file": file})
        assert answer.status_code == 422
    assert not Import.objects.exists()


def test_files_of_a_refused_upload_are_gone(mara: Member, tmp_path: Path) -> None:
    test_a_wrong_file_is_refused_at_its_field(mara)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd", "@x", "\t=1", "＝1", " =1"])
def test_no_cell_of_the_error_file_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+30210", "5.5", "plain", ""])
def test_numbers_of_the_error_file_stay_numbers(cell: str) -> None:
    assert harmless(cell) == cell


def test_another_workspace_cannot_see_an_import(mara: Member, gus: Member) -> None:
    made = upload(mara)
    for page in ("", "mapping/", "left-out.csv"):
        assert client_of(gus).get(f"/w/globex/imports/{made.pk}/{page}").status_code == 404
    assert client_of(gus).post(f"/w/globex/imports/{made.pk}/cancel/").status_code == 404


def test_a_lost_file_is_said_on_the_mapping_page(mara: Member) -> None:
    made = settle(upload(mara))
    store.forget(made.pk)
    page, mapping = client_of(mara), workspace_reverse("capture:import_mapping", id=made.pk)
    shown = page.get(mapping)
    assert (shown.status_code, "no longer on the server" in shown.content.decode()) == (409, True)
    assert page.post(mapping, {"do": "start"}).status_code == 409
    page.post(workspace_reverse("capture:import_remove", id=made.pk))
    assert not Import.objects.exists()


def test_an_import_whose_file_is_lost_stops_and_says_so(mara: Member) -> None:
    made = settle(upload(mara))
    start_import(made.pk, by=mara, now=timezone.now())
    store.forget(made.pk)
    drain()
    made.refresh_from_db()
    assert made.status == ImportStatus.CANCELLED
    shown = client_of(mara).get(workspace_reverse("capture:import", id=made.pk)).content.decode()
    assert "no longer on the server" in shown
    assert "Go on" not in shown
    with pytest.raises(store.CannotFindFile, match="no longer on the server"):
        resume_import(made.pk, now=timezone.now())
