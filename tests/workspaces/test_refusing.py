"""How pages say a refusal."""

from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.refusing import Refusals, refusals_on


class NameForm(forms.Form):
    """One field."""

    name = forms.CharField(required=False)


def _answer(method: str, **headers: str) -> tuple[HttpResponse | None, list[str]]:
    request = RequestFactory().generic(method, "/w/acme/x/", headers=headers)
    for middleware in (SessionMiddleware, MessageMiddleware, HtmxMiddleware):
        middleware(lambda _: HttpResponse())(request)
    answer = Refusals(lambda _: HttpResponse()).process_exception(request, Refusal("Not so."))
    return answer, [str(message) for message in get_messages(request)]


def test_a_refused_post_goes_back_with_a_message() -> None:
    answer, said = _answer("POST", referer="http://testserver/w/acme/before/")
    assert answer is not None
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/w/acme/before/")
    assert said == ["Not so."]


def test_a_foreign_referer_is_not_followed() -> None:
    answer, _ = _answer("POST", referer="https://evil.example/")
    assert answer is not None
    assert answer["Location"] == "/"


def test_htmx_gets_a_toast_and_keeps_its_page() -> None:
    answer, said = _answer("POST", hx_request="true")
    assert answer is not None
    assert (answer.status_code, answer["HX-Reswap"], said) == (422, "none", [])
    assert "Not so." in answer["HX-Trigger"]


def test_other_errors_are_not_touched() -> None:
    request = RequestFactory().get("/")
    assert Refusals(lambda _: HttpResponse()).process_exception(request, KeyError("x")) is None


def test_a_refusal_lands_at_its_field() -> None:
    form = NameForm({"name": "x"})
    assert form.is_valid()
    with refusals_on(form):
        raise Refusal("Not this name.", field="name")
    with refusals_on(form):
        raise Refusal("Not today.", field="elsewhere")
    assert form.errors == {"name": ["Not this name."], "__all__": ["Not today."]}
