"""What people copy into their own site."""

from django.forms import CheckboxInput
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from capture.answering import CONSENT, TRAP, answer_form
from capture.models import Form
from leadmgmt.workspaces.addresses import absolute


def tracking_snippet(site_key: str, *, asks_consent: bool = False) -> str:
    """The tag for every page of a site."""
    src = absolute(reverse("public:script", args=[site_key]))
    consent = ' data-consent="required"' if asks_consent else ""
    return f'<script async src="{src}"{consent}></script>'


def snippets_of(form: Form) -> list[dict[str, str]]:
    """The three ways to put a form on a site, the easiest first."""
    address = absolute(reverse("public:form", args=[form.token]))
    script = absolute(reverse("public:form_script", args=[form.token]))
    name = escape(form.name)  # in somebody's HTML; our own page escapes the whole once more
    return [
        {
            "title": _("Script"),
            "hint": _("Shows the form where the tag stands and grows with it."),
            "code": f'<script async src="{script}" data-title="{name}"></script>',
        },
        {
            "title": _("Frame"),
            "hint": _("Where scripts are not allowed."),
            "code": f'<iframe src="{address}" title="{name}" width="100%" height="480"></iframe>',
        },
        {
            "title": _("Plain HTML"),
            "hint": _("To style as you like; the tracking tag fills in who sends it."),
            "code": _plain_html(form, address),
        },
    ]


def _plain_html(form: Form, address: str) -> str:
    answers = answer_form(form)
    fields = [
        {"field": field, "is_tick": isinstance(field.field.widget, CheckboxInput)}
        for field in answers
        if field.name != CONSENT
    ]
    context = {
        "fields": fields,
        "consent": answers[CONSENT] if form.consent else None,
        "address": address,
        "form": form,
        "trap": TRAP,
    }
    lines = render_to_string("capture/_plain_form.html", context).splitlines()
    return "\n".join(line for line in lines if line.strip())
