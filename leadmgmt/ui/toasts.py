"""Passing messages: what was done, and how to take it back."""

from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.http import trigger_client_event

UNDO = "undo:"
R = TypeVar("R", bound=HttpResponseBase)


def say(request: HttpRequest, text: str, undo_url: str = "") -> None:
    """Show `text` on the next page; `undo_url` is POSTed to by its Undo button."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def say_now(response: R, text: str, undo_url: str = "") -> R:
    """The same beside an htmx answer, without a new page."""
    trigger_client_event(response, "toast", {"text": str(text), "undo": undo_url})
    return response
