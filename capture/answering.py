"""Reading one post to a public form: what was answered, from where, and how it looks."""

import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.signing import BadSignature
from django.http import HttpRequest

from capture.actions.submitting import Answer
from capture.limits import address_of, knocks
from capture.models import Form
from capture.questions import as_json, custom_fields, field_for, questions_of
from capture.touches import touch_of
from capture.verdicts import Circumstances, read_stamp, verdict_on

TRAP = "website"  # people do not see it; programs fill in everything
CONSENT = "_consent"
STAMP = "_stamp"
CARRIED = ("_visitor", "_landing", "_referrer", "_page")
TOKEN = re.compile(r"^[0-9a-f]{32}\Z")


def answer_form(form: Form, data: Any = None) -> forms.Form:
    """The Django form that asks what `form` asks."""
    custom = custom_fields()
    fields = {question.key: field_for(question, custom) for question in questions_of(form.fields)}
    if form.consent:
        fields[CONSENT] = forms.BooleanField(label=form.consent)
    made = type("AnswerForm", (forms.Form,), fields)
    return made(data, use_required_attribute=True)


@dataclass(frozen=True)
class Stamp:
    """What the signed note in the form says; without one the form stands on another site."""

    name: str = ""
    seconds: float | None = None
    is_forged: bool = False


def read_answer(form: Form, request: HttpRequest, checked: dict[str, Any]) -> Answer:
    """The answer in a post whose fields are in order."""
    values = as_json({key: value for key, value in checked.items() if key != CONSENT})
    stamp = _stamp(form, request)
    how = Circumstances(
        trap=request.POST.get(TRAP, ""),
        seconds=stamp.seconds,
        is_stamp_forged=stamp.is_forged,
        user_agent=request.headers.get("User-Agent", ""),
        knocks=knocks(f"form:{form.token}", address_of(request)),
    )
    verdict, reason = verdict_on(values, how)
    visitor, landing, referrer, page = (carried(request.POST, name) for name in CARRIED)
    page = page or request.headers.get("Referer", "")[:1_000]
    return Answer(
        token=_token(stamp, values, request),
        values=values,
        verdict=verdict,
        reason=reason,
        touch=touch_of(landing or page, referrer),
        visitor_token=visitor if TOKEN.match(visitor) else "",
        page=page,
    )


def carried(data: Any, name: str) -> str:
    """A hidden value that came along; it may be anything."""
    text = str(data.get(name, ""))[: 2_000 if name != "_page" else 1_000]
    return "".join(letter for letter in text if letter.isprintable())


def _stamp(form: Form, request: HttpRequest) -> Stamp:
    text = request.POST.get(STAMP, "")
    if not text:
        return Stamp()
    try:
        name, seconds = read_stamp(form.token, text, time.time())
    except (BadSignature, ValueError, TypeError):
        return Stamp(is_forged=True)
    return Stamp(name, seconds)


def _token(stamp: Stamp, values: dict[str, Any], request: HttpRequest) -> str:
    """The same for a double click, another for an answer that was changed.

    Without a stamp: the same answer from the same address within the hour is the same answer.
    """
    name = stamp.name or f"{address_of(request)} {int(time.time() // 3_600)}"
    text = json.dumps([name, values], sort_keys=True)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:48]
