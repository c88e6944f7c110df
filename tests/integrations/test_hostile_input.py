"""Every route of the API under input nobody should send: a problem in words, never a fault."""

from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from leadmgmt.access import API
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from tests import builders
from tests.architecture.test_api_table import ROUTES, noun_of, rows_of
from tests.clients import JsonClient, api_of

JSON = "application/json"
NUL, HALF = rb'"a\u0000b"', rb'"\ud800"'
HUGE = b"9" * 400
WRITES = [(name, method) for name, row in API.items() for method in row if method != "GET"]

BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", JSON),
    "no json": (b"{", JSON),
    "no text": (b"\xff\xfe\x00", JSON),
    "a list": (b"[]", JSON),
    "a list of lists": (b"[[[]]]", JSON),
    "a word": (b'"lead"', JSON),
    "null": (b"null", JSON),
    "a number": (b"1", JSON),
    "NaN": (b'{"amount": NaN}', JSON),
    "infinity": (b'{"amount": 1e999}', JSON),
    "depth": (b'{"lead":' * 5_000 + b"1" + b"}" * 5_000, JSON),
    "flat depth": (b"[" * 100_000, JSON),
    "3 MB": (b'{"name": "' + b"x" * 3_000_000 + b'"}', JSON),
    "another type": (b"name=x", "application/x-www-form-urlencoded"),
    "xml": (b"<lead/>", "application/xml"),
    "no type": (b"{}", ""),
    "broken multipart": (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    "multipart without boundary": (b"x", "multipart/form-data"),
}
# What each named field is set to in turn.
VALUES: dict[str, bytes] = {
    "nul": NUL,
    "half a character": HALF,
    "a huge number": HUGE,
    "a big number": b"9223372036854775807",
    "a fraction": b"1.5e300",
    "a list": b"[1, null, {}]",
    "an object": b'{"a": {"b": []}}',
    "null": b"null",
    "true": b"true",
    "a long text": b'"' + b"x" * 100_000 + b'"',
    "an odd date": b'"0001-01-01T00:00:00+23:59"',
    "a last date": b'"9999-12-31"',
    "odd text": '"\u202e\U0001f4a9\u0301"'.encode(),
    "minus one": b"-1",
}
FIELDS = {
    "lead-list": "name email phone external_id country company_name attributes campaign source"
    " first_seen_at do_not_call",
    "lead-detail": "name email phone owner attributes do_not_email",
    "lead-bulk": "leads overwrite",
    "lead-tag": "tag by",
    "lead-untag": "tag by",
    "company-tag": "tag by",
    "tag-list": "name by",
    "tag-detail": "name by",
    "tag-merge": "into by",
    "company-untag": "tag by",
    "member-hours": "hours",
    "team-list": "name purpose members",
    "team-detail": "name purpose members",
    "team-hours": "hours",
    "handover-list": "lead closer what until by",
    "team-shares": "member weight capacity territory by",
    "closing-sight": "shown by",
    "customer-detail": "owner by",
    "customer-take-back": "by",
    "health-rules-off": "reason by",
    "health-rules-draft": "rules",
    "health-rules-publish": "reason by",
    "routing-draft": "rules",
    "routing-publish": "reason is_applied",
    "absence-list": "member from_on until_on word by",
    "form-list": "name is_active questions button consent purpose thanks redirect_url campaign",
    "form-detail": "name is_active questions button consent purpose thanks redirect_url campaign",
    "import-reread": "encoding delimiter",
    "merge-list": "lead gone choices kept",
    "merge-preview": "lead gone choices kept",
    "company-merge-list": "gone choices kept",
    "company-merge-preview": "gone choices kept",
    "company-list": "name domain industry country employees website owner attributes",
    "company-detail": "name domain industry country employees website owner attributes",
    "field-list": "label kind key subject choices",
    "field-detail": "label choices",
    "task-kind-list": "name is_promise due_hours remind_hours escalate_hours",
    "task-kind-detail": "name is_promise due_hours remind_hours escalate_hours",
    "task-list": "kind title note lead company assignee due_at",
    "task-detail": "kind title note assignee due_at",
    "note-list": "lead text by",
    "file-list": "lead company file",
    "bulk-list": "kind parameters selection",
    "purpose-list": "key name wording",
    "purpose-detail": "name wording",
    "consent-list": "lead purpose is_given source wording occurred_at",
    "privacy-request-list": "kind lead leads reason",
    "privacy-request-disclose": "lead reason",
    "condition-validate": "condition",
    "condition-count": "condition",
    "condition-explain": "condition leads",
    "segment-list": "name kind condition description",
    "segment-detail": "name condition description",
    "segment-members": "leads",
    "segment-remove-members": "leads",
    "segment-freeze": "name description",
    "persona-list": "name whom reasons story segment condition",
    "persona-detail": "name whom reasons story segment condition",
    "view-list": "name subject query condition columns sort is_shared",
    "view-detail": "name query condition columns sort is_shared",
    "activity-batch": "activities",
    "campaign-list": "name key channel starts_on ends_on",
    "campaign-detail": "name key channel starts_on ends_on",
    "import-list": "file",
    "import-detail": "mapping identity unknown_words overwrites is_quiet campaign",
    "attempt-list": "lead kind outcome note next_step next_step_at key by",
    "onboarding-step-list": "name hint due_days doer",
    "onboarding-step-detail": "name hint due_days doer position is_retired",
    "checklist-item-list": "customer name hint due_on doer",
    "checklist-item-detail": "name hint due_on doer",
    "checklist-item-finish": "by",
    "checklist-item-skip": "reason by",
    "checklist-item-start": "customer",
    "training-list": "content lead by",
    "training-note": "what by",
    "training-send": "note is_with_file after by",
    "renewal-list": "customer what due_on amount margin months days by",
    "renewal-detail": "what due_on amount margin months days by",
    "renewal-renew": "lead amount margin is_won by",
    "renewal-lose": "reason by",
    "renewal-snooze": "until by",
    "renewal-wake": "by",
    "renewal-reopen": "by",
    "reminder-days": "days",
    "training-content-list": "title kind address minutes step file",
    "training-content-detail": "title kind address minutes step is_retired file",
    "cycle-list": "lead number reason carry carry_amount onward by",
    "cycle-reopen": "by",
    "deal-list": "lead name amount margin expected_on probability next_step next_step_on owner"
    " stage key lines by",
    "deal-detail": "name amount margin expected_on probability next_step next_step_on owner by",
    "deal-win": "amount margin close_reason reason by",
    "deal-lose": "reason close_reason by",
    "deal-move": "stage seen_in by",
    "deal-reopen": "by",
    "deal-lines": "lines by",
    "pipeline-list": "name explanation",
    "pipeline-detail": "name explanation is_retired",
    "pipeline-stage-list": "pipeline name explanation probability forecast",
    "pipeline-stage-detail": "name explanation probability forecast position",
    "pipeline-stage-retire": "into by",
    "product-list": "name code unit price cost by",
    "product-detail": "name code unit price cost is_retired by",
    "close-reason-list": "status name",
    "close-reason-detail": "is_retired",
    "score-model-publish": "reason effects hourly_cap total_cap shares hours",
    "simulation-list": "version",
    "back-test-list": "version created_from created_to outcome field value wait_days within_days"
    " without",
    "score-model-list": "purpose name",
    "ready-model-list": "key purpose",
    "score-version-content": "mode rules groups decisions hot_from warm_from least most matrix"
    " urgency grades",
    "move-list": "lead stage reason exit_reason return_on by",
    "qualification-list": "lead outcome spoken_to answers worth best_channel return_on reason",
    "qualification-progress": "lead spoken_to answers worth best_channel return_on reason",
    "playbook-draft": "questions reasons least_in_favour needs_authorised cool_off_days reason by",
    "playbook-draft-publish": "reason by",
    "playbook-list": "questions reasons least_in_favour needs_authorised cool_off_days reason"
    " after by",
    "queue-hand-over": "to word by",
    "queue-snooze": "until reason by",
    "queue-wake": "by",
    "queue-accept": "reason words by",
    "queue-reject": "reason words by",
    "queue-recycle": "reason words return_on by",
    "definition-list": "stage explanation reason owner_team condition is_binding"
    " needs_qualification subcategories moves_to exit_reasons by",
    "definition-approve": "side revision by",
    "definition-withdraw": "side by",
    "definition-publish": "is_applied by",
    "company-rule-list": "least_people reason by",
    "company-rule-approve": "side revision by",
    "company-rule-withdraw": "side by",
    "company-rule-publish": "is_applied by",
    "queue-next": "member",
    "queue-claim": "member",
    "queue-hand-back": "member",
    "sequence-enrolments": "lead",
    "indicator-draft": "indicators key name note condition",
    "indicator-publish": "reason",
    "indicator-measure": "draft outcome window_days wait_days within_days",
    "field-move": "to",
    "note-detail": "text by",
    "retention-rule-list": "name condition by",
    "retention-rule-detail": "name condition is_on by",
    "predictive-model-list": "created_from created_to outcome field value wait_days within_days"
    " without",
    "predictive-model-choose": "reason by",
    "cost-list": "amount campaign lever starts_on ends_on note",
}
# What one route alone leans on.
SOUND = {"form-list": {"questions": b'[{"key": "email", "label": "Work email"}]'}}


@pytest.fixture
def client(ada: Member, settings: Any, tmp_path: Any) -> JsonClient:
    settings.MEDIA_ROOT = tmp_path
    made = api_of(builders.a_key(ada))
    made.raise_request_exception = False
    return made


def path_of(name: str, ids: dict[str, Any]) -> str:
    names = list(ROUTES[name].pattern.converters)
    return reverse(f"api:{name}", kwargs={each: ids[noun_of(name, ids)] for each in names})


def believable(ids: dict[str, Any], member: Member) -> dict[str, bytes]:
    """A sound value for fields that others lean on."""
    texts = {
        "lead": ids["lead"], "by": member.pk, "member": member.pk, "name": "Deal", "reason": "x",
        "stage": "nurturing", "outcome": "positive", "kind": "call", "lever": "ads",
        "from_on": "2026-06-01", "until_on": "2026-06-02",
        "starts_on": "2026-06-01", "ends_on": "2026-06-02", "channel": "ads",
    }  # fmt: skip
    sound = {name: f'"{value}"'.encode() for name, value in texts.items()}
    return sound | {"amount": b"100", "margin": b"10"}


def body_of(fields: list[str], sound: dict[str, bytes], odd: str, value: bytes) -> bytes:
    parts = {name: sound[name] for name in fields if name in sound} | {odd: value}
    return b"{" + b", ".join(b'"%s": %s' % (k.encode(), v) for k, v in parts.items()) + b"}"


@pytest.mark.parametrize(("name", "method"), WRITES)
def test_odd_bodies_are_problems(client: JsonClient, ada: Member, name: str, method: str) -> None:
    path = path_of(name, rows_of(ada))
    for told, (body, content_type) in BODIES.items():
        answer = client.generic(method, path, cast("str", body), content_type=content_type)
        assert answer.status_code < 500, (told, answer.content[:300])
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", told


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_odd_values_are_problems(client: JsonClient, ada: Member, name: str) -> None:
    [method] = [each for each in API[name] if each not in ("GET", "DELETE")]
    ids, fields = rows_of(ada), FIELDS[name].split()
    Lead.objects.filter(pk=ids["lead"]).update(owner=ada)
    path, sound = path_of(name, ids), believable(ids, ada) | SOUND.get(name, {})
    for odd in fields:
        for told, value in VALUES.items():
            body = body_of(fields, sound, odd, value)
            answer = client.generic(method, path, cast("str", body), content_type=JSON)
            assert answer.status_code < 500, (odd, told, answer.content[:300])
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json", (odd, told)


def test_every_write_with_fields_is_tried() -> None:
    without = {
        *("checklist-item-reopen", "training-detail"),
        *("import-start", "import-cancel", "import-resume", "import-undo", "import-dry-run"),
        *("cost-detail", "file-detail", "lead-restore", "merge-undo", "duplicate-dismiss"),
        *("company-restore", "company-merge-undo"),
        *("pipeline-stage-restore", "definition-detail", "company-rule-detail"),
        *("field-retire", "field-restore", "task-finish", "task-drop", "task-reopen"),
        *("handover-take-back", "routing-off", "team-retire", "team-restore", "absence-detail"),
        *("bulk-cancel", "bulk-undo", "segment-retire", "segment-restore"),
        *(
            "persona-retire",
            "persona-restore",
            "score-model-retire",
            "score-model-draft",
            "score-model-blast-radius",
            "predictive-model-retire",
        ),
        *("score-release-stop", "score-release-go-on", "score-release-next-stage"),
        *("score-release-end", "simulation-cancel", "back-test-cancel"),
    }
    assert {name for name, _method in WRITES} - without == set(FIELDS)


ODD_QUERIES = ["\0", "x" * 5_000, "9" * 400, "-1", "nan", "\ud800", "0001-01-01"]
ASKED = "after before limit lead state stage from to days source campaign counting since until"


@pytest.mark.parametrize("name", [name for name, row in API.items() if "GET" in row])
def test_odd_queries_are_problems(client: JsonClient, ada: Member, name: str) -> None:
    ids: dict[str, Any] = rows_of(ada) | {"figure": "leads", "funnel": "mql", "journey": "bought"}
    ids["ready-model"] = "software"
    path = path_of(name, ids)
    for value in ODD_QUERIES:
        odd = value.encode("utf-8", "surrogatepass").decode("latin-1")
        for field in ASKED.split():
            answer = client.get(path, {field: odd})
            assert answer.status_code < 500, (field, answer.content[:300])


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (b"\0" * 100, "a.csv"),
        (b"a,b\n\xff\xfe", "\u202e.csv"),
        (b"PK\x03\x04" + b"x" * 50, "b.xlsx"),
    ],
)
def test_odd_files_are_problems(client: JsonClient, file: bytes, name: str) -> None:
    answer = client.post(
        "/api/v1/imports/", {"file": SimpleUploadedFile(name, file)}, format="multipart"
    )
    assert answer.status_code < 500, answer.content[:300]
