"""Ready models by industry, and models that are out of use."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.uses import all_uses
from scoring.actions.ready import start_ready
from scoring.gallery import GALLERY
from scoring.models import ScoreModel
from scoring.telling.ready import ready_told
from scoring.views.choosing import address


@require_GET
def gallery(request: WorkspaceRequest) -> HttpResponse:
    """Every ready model with its rules in words."""
    ready = [ready_told(each) for each in GALLERY.values()]
    may_start = may(request.member.role, "scoring:gallery_start", "POST")
    return render(request, "scoring/gallery.html", {"models": ready, "may_start": may_start})


@require_POST
def gallery_start(request: WorkspaceRequest, key: str) -> HttpResponse:
    """A draft with the rules of one of them: of the main model, or of the one for fit."""
    if key not in GALLERY:
        raise Http404
    purpose = request.POST.get("purpose", "")
    draft = start_ready(GALLERY[key], purpose=purpose, by=request.member, now=timezone.now())
    say(request, _("The draft has these rules; change what does not fit, then publish it."))
    return redirect(address("scoring:draft", draft.model))


@require_GET
def retired(request: WorkspaceRequest) -> HttpResponse:
    """Models that are out of use, with their versions to read."""
    found = ScoreModel.objects.exclude(retired_at=None).prefetch_related("versions")
    uses = all_uses()
    rows = [
        {
            "model": each,
            "versions": [one for one in each.versions.all() if one.number is not None],
            "uses": uses.get(each.pk, ()),
        }
        for each in found.order_by("-retired_at")
    ]
    return render(request, "scoring/retired.html", {"rows": rows})
