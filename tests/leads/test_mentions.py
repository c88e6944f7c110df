"""Notes that name a colleague tell them."""

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member, Notice
from leads.actions.notes import log_note
from leads.models import Activity
from tests.builders import a_lead, a_member
from tests.clients import client_of


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def noted(text: str, by: Member | None = None) -> list[str]:
    log_note(a_lead(name="Lena"), text=text, by=by, now=timezone.now())
    return sorted(Notice.objects.values_list("member__name", flat=True))


def test_who_is_named_is_told_with_the_note_and_the_way_there(rita: Member, rob: Member) -> None:
    assert noted("Please call, @Rob, before noon", by=rita) == ["Rob"]
    notice = Notice.objects.get()
    assert notice.text == "Rita named you in a note on Lena: Please call, @Rob, before noon"
    assert notice.path.startswith("leads/")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@rob and @MARA", ["Mara", "Rob"]),
        ("@Rob @Rob", ["Rob"]),
        ("rob@example.com", []),
        ("write to x@rob", []),
        ("@Robert", []),
        ("@nobody", []),
        ("Rob", []),
        ("(@Rob)", ["Rob"]),
    ],
)
def test_a_name_counts_behind_its_sign_only(rita: Member, text: str, told: list[str]) -> None:
    assert noted(text, by=rita) == told


def test_of_two_names_the_longer_is_meant(rita: Member) -> None:
    a_member(name="Rob Tanaka")
    assert noted("@Rob Tanaka knows", by=rita) == ["Rob Tanaka"]


def test_nobody_is_told_of_a_note_of_their_own(rita: Member) -> None:
    assert noted("@Rita remember this", by=rita) == []


def test_who_has_left_is_not_told(rita: Member, rob: Member) -> None:
    Member.objects.filter(pk=rob.pk).update(left_at=timezone.now())
    assert noted("@Rob", by=rita) == []


def test_a_name_stands_out_on_the_timeline_and_nothing_is_run(browser: Client) -> None:
    a_member(name="<b>O'Neil</b>")
    lead = a_lead()
    text = "<script>x</script> @<b>O'Neil</b> & @Rob"
    browser.post(f"/w/acme/leads/{lead.pk}/note/", {"text": text})
    page = browser.get(f"/w/acme/leads/{lead.pk}/").content.decode()
    assert '<span class="mention">@Rob</span>' in page
    assert '<span class="mention">@&lt;b&gt;O&#x27;Neil&lt;/b&gt;</span>' in page
    assert "<script>x" not in page


def test_a_long_note_is_read_whole(browser: Client) -> None:
    lead = a_lead()
    log_note(lead, text="word " * 900 + "end.", by=None, now=timezone.now())
    assert Activity.objects.get().properties["text"].endswith("end.")
    assert "end." in browser.get(f"/w/acme/leads/{lead.pk}/").content.decode()
