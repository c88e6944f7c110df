"""Passing messages and their way back."""

import json

from django.contrib.messages.storage.base import Message
from django.http import HttpResponse

from leadmgmt.ui.components.layout import undo_url
from leadmgmt.ui.toasts import UNDO, say_now


def test_a_message_may_be_taken_back() -> None:
    assert undo_url(Message(25, "Assigned.", f"{UNDO}/undo/7/")) == "/undo/7/"
    assert undo_url(Message(25, "Assigned.", "other")) == ""
    assert undo_url(Message(25, "Assigned.")) == ""


def test_a_fragment_brings_its_message() -> None:
    answer = say_now(HttpResponse("ok"), "Claimed.", "/undo/7/")
    said = json.loads(answer["HX-Trigger"])
    assert said == {"toast": {"text": "Claimed.", "undo": "/undo/7/"}}
