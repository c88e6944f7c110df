"""Training given to people of a customer, and the public page on which they open it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from capture.limits import address_of
from funnel.care import teaching
from funnel.care.contents import is_of_web
from funnel.care.customer_forms import GiveForm
from funnel.care.telling import contents_in_use
from funnel.models import Training
from funnel.views.care import back_to, customer_at, form_page
from funnel.views.training import file_of
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.limits import count, sentence_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Workspace
from leadmgmt.workspaces.refusing import came_from, refusals_on

CARD = "training"
MOST_A_MINUTE = 60


@require_http_methods(["GET", "HEAD", "POST"])
def training_give(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Give one thing to some people of the customer."""
    customer = customer_at(id)
    chosen = {"content": request.GET.get("content", "")}
    form = GiveForm(request.POST or None, customer=customer, initial=chosen)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            content = form.cleaned_data["content"]
            ids = [each.pk for each in form.cleaned_data["people"]]
            given = teaching.give_content(content, ids, by=request.member, now=timezone.now())
            sentence = ngettext(
                "“%(content)s” given to %(n)d person. Send them the link.",
                "“%(content)s” given to %(n)d people. Send them their links.",
                given,
            )
            say(request, sentence % {"content": content, "n": given})
            return back_to(id, CARD)
    told = {"title": _("Give training content"), "button": _("Give content"), "card": CARD}
    has_none = not contents_in_use().exists()
    return form_page(request, form, customer=customer, has_none=has_none, **told)


@require_POST
def training_done(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One of us says that they are through with it."""
    training = _training(id)
    teaching.note_done(training, by=request.member, now=timezone.now())
    undo = workspace_reverse("funnel:training_not_done", id=id)
    told = {"lead": training.lead, "content": training}
    say(request, _("%(lead)s is through with “%(content)s”.") % told, undo_url=undo)
    return redirect(came_from(request))


@require_POST
def training_seen(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One of us says that they opened it."""
    teaching.note_seen(_training(id), now=timezone.now())
    return redirect(came_from(request))


@require_POST
def training_not_done(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """They are not through with it after all."""
    teaching.note_not_done(_training(id))
    return redirect(came_from(request))


@require_POST
def training_take_back(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """They were given it by mistake."""
    training = _training(id)
    teaching.take_content_back(training)
    told = {"lead": training.lead, "content": training}
    say(request, _("%(lead)s has “%(content)s” no more; the link leads nowhere.") % told)
    return redirect(came_from(request))


@csrf_exempt  # whoever holds the link may do this much, and is logged in nowhere
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def learn(request: HttpRequest, token: str) -> HttpResponseBase:
    """What somebody was given; looking changes nothing, as scanners look first.

    Opening it by the button is *seen*, the other button is *done*.
    """
    allowance = count(request, "learn", address_of(request), most=MOST_A_MINUTE)
    if allowance is not None and allowance.is_spent:
        return _page(request, "funnel/learn_nowhere.html", 429, why=sentence_of(allowance))
    named = teaching.named_by(token)
    if named is None:
        return _page(request, "funnel/learn_nowhere.html", 404)
    with inside(named[0]):
        rows = Training.objects.select_related("content")
        training = rows.filter(pk=named[1]).first()
        firm = Workspace.objects.filter(pk=named[0]).first()
        if training is None or firm is None:
            return _page(request, "funnel/learn_nowhere.html", 404)
        return _learn(request, training, firm)


def _learn(request: HttpRequest, training: Training, firm: Workspace) -> HttpResponseBase:
    if request.method == "POST" and request.POST.get("do") == "open":
        teaching.note_seen(training, now=timezone.now())
        return _opened(request, training, firm)
    if request.method == "POST" and request.POST.get("do") == "done":
        teaching.note_done(training, by=None, now=timezone.now())
        training.refresh_from_db(fields=["seen_at", "done_at"])
    return _page(
        request, "funnel/learn.html", 200, training=training, content=training.content, firm=firm
    )


def _opened(request: HttpRequest, training: Training, firm: Workspace) -> HttpResponseBase:
    """On to where the content is, and nowhere else.

    By the header Refresh: our pages let no form lead to other sites, not by a redirect either.
    """
    content = training.content
    if content.file_path or not is_of_web(content.address):
        return file_of(content)
    training.refresh_from_db(fields=["seen_at", "done_at"])
    told = {"training": training, "content": content, "firm": firm, "onward": content.address}
    answer = _page(request, "funnel/learn.html", 200, **told)
    answer["Refresh"] = f"0; url={iri_to_uri(content.address)}"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return render(request, template, context, status=status)


def _training(id: UUID) -> Training:
    rows = Training.objects.select_related("lead", "content")
    found: Training = get_object_or_404(rows, pk=id)
    return found
