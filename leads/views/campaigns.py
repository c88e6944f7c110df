"""Campaigns: the list, adding and changing one, and a link that carries its name."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.campaigns import save_campaign
from leads.forms import CampaignForm, facts_of
from leads.links import tracking_link
from leads.models import Campaign
from leads.queries.campaigns import campaign_page


@require_GET
def campaign_list(request: WorkspaceRequest) -> HttpResponse:
    """What we pay for so that people come."""
    context = {
        "page": campaign_page(request.GET),
        "may_add": may(request.member.role, "leads:campaign_add", "POST"),
    }
    return render(request, "leads/campaign_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_add(request: WorkspaceRequest) -> HttpResponse:
    """Plan a campaign."""
    return _edit(request, Campaign(), "leads/campaign_add.html")


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Change a campaign, and make links for it."""
    return _edit(request, get_object_or_404(Campaign, pk=id), "leads/campaign.html")


def _edit(request: WorkspaceRequest, shown: Campaign, template: str) -> HttpResponse:
    form = CampaignForm(request.POST or None, initial=facts_of(shown))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            saved = save_campaign(shown, facts=form.cleaned_data)
            say(request, _("Campaign “%s” saved.") % saved.name)
            return redirect(workspace_reverse("leads:campaign", id=saved.pk))
    page = request.GET.get("page", "")
    context = {
        "campaign": shown,
        "form": form,
        "link": tracking_link(shown, page),
        "may_edit": may(request.member.role, "leads:campaign", "POST"),
    }
    return render(request, template, context, status=422 if form.errors else 200)
