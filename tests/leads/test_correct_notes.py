"""One's own note is corrected, deleted and taken back; what it said before stays with it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice
from leads.actions.notes import (
    CannotChangeNote,
    CannotLogNote,
    correct_note,
    delete_note,
    log_note,
    take_note_back,
)
from leads.kinds import Kind
from leads.models import Activity, Lead
from leads.queries.duplicates import look_up
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of, drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
API = "/api/v1/notes/"


@pytest.fixture
def lead(world: World) -> Lead:
    return a_lead(name="Ann")


@pytest.fixture
def note(lead: Lead, world: World) -> Activity:
    return written(lead, "Loves windmills", by=world.rita)


def written(lead: Lead, text: str, by: Member | None) -> Activity:
    log_note(lead, text=text, by=by, now=NOW)
    found: Activity = Activity.objects.filter(kind=Kind.NOTE).latest("received_at")
    return found


def said(note: Activity) -> dict[str, object]:
    note.refresh_from_db()
    return dict(note.properties)


class TestWords:
    """What a note says, and said."""

    def test_a_corrected_note_remembers_what_it_said(self, note: Activity, world: World) -> None:
        correct_note(note, text="Hates windmills", by=world.rita, now=LATER)
        assert said(note)["text"] == "Hates windmills"
        assert said(note)["earlier"] == [{"text": "Loves windmills", "until": LATER.isoformat()}]
        assert note.occurred_at == NOW

    def test_the_same_words_are_no_correction(self, note: Activity, world: World) -> None:
        correct_note(note, text="Loves windmills ", by=world.rita, now=LATER)
        assert "earlier" not in said(note)

    def test_a_deleted_note_says_nothing_until_it_is_taken_back(
        self, note: Activity, world: World
    ) -> None:
        delete_note(note, by=world.rita, now=LATER)
        assert "text" not in said(note)
        with pytest.raises(CannotChangeNote, match="deleted"):
            correct_note(note, text="x", by=world.rita, now=LATER)
        take_note_back(note, by=world.rita)
        assert said(note) == {"text": "Loves windmills"}

    def test_search_finds_the_new_words_only(self, note: Activity, world: World) -> None:
        correct_note(note, text="Likes turbines", by=world.rita, now=LATER)
        other = a_lead()
        assert look_up("turbines", beside=other) == [note.lead]
        assert not look_up("windmills", beside=other)

    @pytest.mark.parametrize("text", ["", "  ", "x" * 5_001])
    def test_a_note_without_words_is_refused(self, note: Activity, world: World, text: str) -> None:
        with pytest.raises(CannotLogNote):
            correct_note(note, text=text, by=world.rita, now=LATER)


class TestWho:
    """Only who wrote it; colleagues are told once."""

    def test_nobody_else_changes_a_note(self, note: Activity, world: World) -> None:
        for by in (world.rob, world.ada, None):
            with pytest.raises(CannotChangeNote, match="Only who wrote"):
                correct_note(note, text="Mine", by=by, now=LATER)
            with pytest.raises(CannotChangeNote, match="Only who wrote"):
                delete_note(note, by=by, now=LATER)

    def test_who_is_named_anew_is_told_and_nobody_twice(self, lead: Lead, world: World) -> None:
        note = written(lead, f"Ask @{world.rob.name}", by=world.rita)
        text = f"Ask @{world.rob.name} and @{world.max.name}"
        correct_note(note, text=text, by=world.rita, now=LATER)
        told = [each.member for each in Notice.objects.order_by("created_at")]
        assert sorted(each.name for each in told) == sorted([world.rob.name, world.max.name])


def test_the_page_corrects_deletes_and_takes_back(note: Activity, rita: Member) -> None:
    browser, page = client_of(rita), workspace_reverse("leads:note", id=note.pk)
    timeline = workspace_reverse("leads:lead", id=note.lead_id)
    assert page in browser.get(timeline).content.decode()
    assert browser.post(page, {"text": "Prefers boats"}).status_code == 302
    assert "corrected" in browser.get(timeline).content.decode()
    assert "Loves windmills" in browser.get(page).content.decode()
    browser.post(workspace_reverse("leads:note_delete", id=note.pk))
    assert "Prefers boats" not in browser.get(timeline).content.decode()
    browser.post(workspace_reverse("leads:note_restore", id=note.pk))
    assert "Prefers boats" in browser.get(timeline).content.decode()


def test_the_page_of_somebody_elses_note_has_no_form(
    note: Activity, rob: Member, ana: Member
) -> None:
    page = workspace_reverse("leads:note", id=note.pk)
    for who in (rob, ana):
        assert "Save note" not in client_of(who).get(page).content.decode()
    assert client_of(rob).post(page, {"text": "Mine"}).status_code == 422
    assert client_of(ana).post(page, {"text": "Mine"}).status_code == 403


def test_the_api_changes_its_own_notes_and_those_of_a_member_it_names(
    lead: Lead, ada: Member, rita: Member
) -> None:
    api = api_of(a_key(ada))
    note = written(lead, "By hand", by=rita)
    one = f"{API}{note.pk}/"
    assert api.patch(one, {"text": "Other"}).status_code == 422
    changed = api.patch(one, {"text": "Other", "by": str(rita.pk)})
    assert changed.status_code == 200, changed.content
    assert (changed.json()["text"], changed.json()["earlier"][0]["text"]) == ("Other", "By hand")
    assert api.patch(one, {"words": "x"}).status_code == 422
    assert api.delete(f"{one}?by={rita.pk}").status_code == 204
    assert api.get(one).json()["deleted_at"]
    assert api.delete(f"{API}{uuid4()}/").status_code == 404
    drain()


def test_a_foreign_note_does_not_exist(gus: Member, ada: Member) -> None:
    with inside(gus.workspace_id):
        theirs = written(a_lead(), "Theirs", by=gus)
    assert client_of(ada).get(workspace_reverse("leads:note", id=theirs.pk)).status_code == 404
    assert api_of(a_key(ada)).patch(f"{API}{theirs.pk}/", {"text": "x"}).status_code == 404
