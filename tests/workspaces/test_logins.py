"""Who a browser is: sessions and users read in one look each."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from tests.clients import client_of

pytestmark = pytest.mark.django_db

HOME = "/w/acme/leads/"


@pytest.fixture
def browser(mara: Member) -> Client:
    return client_of(mara)


def test_a_session_opens_the_door(browser: Client) -> None:
    assert browser.get(HOME).status_code == 200


def test_a_session_that_is_over_does_not(browser: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get(HOME).status_code == 302


def test_a_user_who_is_shut_out_stays_outside(browser: Client, mara: Member) -> None:
    mara.user.is_active = False
    mara.user.save()
    assert browser.get(HOME).status_code == 302


def test_a_new_password_ends_sessions(browser: Client, mara: Member) -> None:
    mara.user.set_password("another-one-2026")
    mara.user.save()
    assert browser.get(HOME).status_code == 302


def test_a_member_who_left_meets_the_404_of_a_typo(browser: Client, mara: Member) -> None:
    mara.left_at = timezone.now()
    mara.save()
    assert browser.get(HOME).status_code == 404
