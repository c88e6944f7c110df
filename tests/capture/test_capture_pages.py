"""Pages of forms, tracking and imports: who sees them, and that they cost few statements."""

from typing import Any

import pytest
from django.utils import timezone

from capture.models import Form, Import, ImportStatus, Submission, Verdict
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_campaign, a_custom_field, a_form, a_lead, a_visitor, an_activity
from tests.clients import client_of

MOST_QUERIES = 20


def post_form(mara: Member, **given: Any) -> Any:
    data = {
        "name": "Book a demo",
        "button": "Send",
        "thanks": "Thank you.",
        "is_active": "on",
        "q-email-order": "2",
        "q-email-label": "Work email",
        "q-email-required": "on",
        "q-name-order": "1",
        "q-name-label": "Your name",
    }
    return client_of(mara).post(workspace_reverse("capture:form_new"), data | given)


def test_a_marketer_makes_a_form(mara: Member) -> None:
    answer = post_form(mara)
    form = Form.objects.get()
    assert answer["Location"] == workspace_reverse("capture:form", id=form.pk)
    assert [each["key"] for each in form.fields] == ["name", "email"]
    assert form.fields[1] == {"key": "email", "label": "Work email", "is_required": True}
    assert len(form.token) >= 22


def test_a_form_must_ask_for_a_way_to_answer(mara: Member) -> None:
    answer = post_form(mara, **{"q-email-required": ""})
    assert answer.status_code == 422
    assert "otherwise nobody can be reached" in answer.content.decode().replace("\n", " ")
    assert not Form.objects.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example", "https://a:b@x.example"])
def test_a_form_leads_on_to_safe_addresses_only(mara: Member, url: str) -> None:
    assert post_form(mara, redirect_url=url).status_code == 422


def test_editing_keeps_the_public_token(mara: Member) -> None:
    form = a_form()
    page = client_of(mara).get(workspace_reverse("capture:form_edit", id=form.pk))
    assert "Work email" in page.content.decode()
    data = {"name": "Other", "button": "Go", "thanks": "Thanks"}
    data |= {"q-phone-order": "1", "q-phone-required": "on"}
    client_of(mara).post(workspace_reverse("capture:form_edit", id=form.pk), data)
    changed = Form.objects.get()
    assert (changed.name, changed.token, changed.is_active) == ("Other", form.token, False)
    assert [each["label"] for each in changed.fields] == ["Phone"]


PAGES = ["form_list", "form", "form_edit", "form_new", "submission_list", "tracking",
         "import_list", "import_new", "import"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_with_few_statements(
    mara: Member, page: str, django_assert_max_num_queries: Any
) -> None:
    a_custom_field("seats", "number")
    a_campaign()
    lead = a_lead()
    form = a_form(consent="I agree")
    for verdict in Verdict.values:
        Submission.objects.create(
            form=form, token=verdict, verdict=verdict, values={"email": "a@b.example"},
            lead=lead if verdict == Verdict.ACCEPTED else None, reason="",
        )  # fmt: skip
    an_activity(lead, visitor=a_visitor(), properties={"path": "/pricing"})
    found = Import.objects.create(
        name="a.csv", format="csv", status=ImportStatus.RUNNING, rows=9, by=mara,
        started_at=timezone.now(),
    )  # fmt: skip
    ids = {"form": form.pk, "form_edit": form.pk, "submission_list": form.pk, "import": found.pk}
    args = {"id": ids[page]} if page in ids else {}
    client = client_of(mara)
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get(workspace_reverse(f"capture:{page}", **args))
    assert answer.status_code == 200


def test_a_rep_sees_none_of_it(rita: Member) -> None:
    for page in ("form_list", "tracking", "import_list", "import_new"):
        assert client_of(rita).get(workspace_reverse(f"capture:{page}")).status_code == 403


def test_an_analyst_reads_and_changes_nothing(ana: Member) -> None:
    form = a_form()
    client = client_of(ana)
    assert client.get(workspace_reverse("capture:form", id=form.pk)).status_code == 200
    assert client.get(workspace_reverse("capture:form_edit", id=form.pk)).status_code == 403
    assert client.get(workspace_reverse("capture:import_new")).status_code == 403


def test_another_workspaces_form_is_not_found(mara: Member, gus: Member) -> None:
    form = a_form()
    path = f"/w/globex/forms/{form.pk}/"
    assert client_of(gus).get(path).status_code == 404
    assert client_of(gus).get(path.replace(str(form.pk), str(mara.pk))).status_code == 404


@pytest.mark.parametrize("page", ["form_list", "form", "form_edit", "submission_list"])
def test_markup_in_names_and_answers_stays_text(mara: Member, page: str) -> None:
    evil = "<script>alert(1)</script>"
    form = a_form(name=evil, thanks=evil, button=evil, consent=evil)
    Submission.objects.create(
        form=form, token="t", verdict=Verdict.SPAM, reason="", values={"email": evil, evil: evil}
    )
    args = {} if page == "form_list" else {"id": form.pk}
    shown = client_of(mara).get(workspace_reverse(f"capture:{page}", **args)).content.decode()
    assert evil not in shown
    assert "&lt;script" in shown


def test_snippets_are_shown_and_not_run(mara: Member) -> None:
    form = a_form()
    page = client_of(mara).get(workspace_reverse("capture:form", id=form.pk)).content.decode()
    assert f"/f/{form.token}.js&quot;" in page
    assert "<iframe" not in page
