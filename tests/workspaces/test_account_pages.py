"""The account pages wear our look and keep the content security policy."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMessage
from django.test import Client

from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.templatetags.workspaces import browser
from tests.clients import client_of
from tests.worlds import World

STRANGERS = ["login/", "signup/", "password/reset/", "confirm-email/"]
MEMBERS = ["email/", "password/change/", "2fa/", "2fa/recovery-codes/generate/", "sessions/"]


@pytest.mark.parametrize("page", STRANGERS)
def test_strangers_see_our_pages(world: World, page: str) -> None:
    answer = Client().get(f"/accounts/{page}")
    assert answer.status_code == 200
    assert "bare-main" in answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("page", MEMBERS)
def test_members_see_our_pages(rita: Member, page: str) -> None:
    rita.user.set_password("correct horse battery")
    rita.user.save(update_fields=["password"])
    answer = client_of(rita).get(f"/accounts/{page}", follow=True)
    assert answer.status_code == 200
    assert "ui/ui.css" in answer.content.decode()


def test_a_wrong_code_says_what_to_enter(rita: Member) -> None:
    rita.user.set_password("correct horse battery")
    rita.user.save(update_fields=["password"])
    browser, login = Client(), {"login": rita.user.email, "password": "correct horse battery"}
    EmailAddress.objects.create(user=rita.user, email=rita.user.email, verified=True, primary=True)
    TOTP.activate(rita.user, "MK3SWOQHQMJLHGXAVLTKRC3KQOLGD2QE")
    browser.post("/accounts/login/", login)
    answer = browser.post("/accounts/2fa/authenticate/", {"code": "1"})
    assert "enter the six digits the app shows now" in answer.content.decode()


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1", "Safari on iPhone"),
        ("curl/8.5", "Another program"),
    ],
)
def test_a_session_names_the_browser_as_people_do(user_agent: str, said: str) -> None:
    assert browser(user_agent) == said


def test_a_new_password_is_set_by_a_letter_and_leads_back_in(
    rita: Member, mailoutbox: list[EmailMessage]
) -> None:
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": rita.user.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link is not None
    form = browser.get(link[1], follow=True)
    assert "New password, again" in form.content.decode()
    new = {"password1": "a sentence of my own", "password2": "a sentence of my own"}
    done = browser.post(form.request["PATH_INFO"], new, follow=True).content.decode()
    assert "Your new password is set" in done
    assert 'href="/accounts/login/"' in done
    assert "This link no longer works" in browser.get(link[1], follow=True).content.decode()
