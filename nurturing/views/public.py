"""What the links in a message lead to: open to everybody who holds the token.

Scanners follow links before people do, so looking never changes what we may send; only the
unsubscribe button, or the mailbox provider's own (RFC 8058), does.
"""

import base64

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Workspace
from nurturing.actions.engaging import Visit, click_link, open_message, unsubscribe
from nurturing.letters import is_web_address
from nurturing.models import Message
from nurturing.tokens import Purpose, Subject, subject_of

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@require_safe
@never_cache
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """An invisible image: whoever loads it has opened the message."""
    about = _subject(Purpose.OPEN, token)
    with inside(about.workspace_id):
        if not open_message(about, _visit(request), now=timezone.now()):
            raise Http404
    return HttpResponse(PIXEL, content_type="image/gif")


@require_safe
@never_cache
def clicked(request: HttpRequest, token: str) -> HttpResponse:
    """On to where the link led when the message was written, and nowhere else."""
    about = _subject(Purpose.CLICK, token)
    with inside(about.workspace_id):
        target = click_link(about, _visit(request), now=timezone.now())
    if target is None or not is_web_address(target):
        raise Http404
    return HttpResponseRedirect(target, headers={"Referrer-Policy": "no-referrer"})


@csrf_exempt  # a mailbox provider presses the button without having seen the page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribed(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; pressing it, once or twice, ends all emails to this address."""
    about = subject_of(Purpose.UNSUBSCRIBE, token)
    if about is None:
        return _leads_nowhere(request)
    with inside(about.workspace_id):
        if request.method == "POST":
            unsubscribe(about, now=timezone.now())
        message = Message.objects.filter(pk=about.message_id).first()
        if message is None:
            return _leads_nowhere(request)
        firm = Workspace.objects.get(pk=about.workspace_id).name
    context = {"firm": firm, "email": _veiled(message.to), "is_done": request.method == "POST"}
    return render(request, "nurturing/unsubscribe.html", context)


def _leads_nowhere(request: HttpRequest) -> HttpResponse:
    """Who was written to is no member of ours, so the usual 404 would tell them nothing."""
    return render(request, "nurturing/unsubscribe_nowhere.html", status=404)


def _subject(purpose: Purpose, token: str) -> Subject:
    about = subject_of(purpose, token)
    if about is None:
        raise Http404
    return about


def _visit(request: HttpRequest) -> Visit:
    return Visit(request.method or "", request.headers.get("User-Agent", ""))


def _veiled(email: str) -> str:
    """Enough for its owner to know it: a letter got forwarded more often than meant."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}" if domain else email
