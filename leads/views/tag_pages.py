"""Tags themselves: which there are, who wears them; called something else, merged, removed."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.profiles import Door
from leads.actions.tagging import LONGEST
from leads.actions.tags import TagNameTaken, add_tag, merge_tags, remove_tag, rename_tag
from leads.models import Tag, Via
from leads.queries.tags import counted_tags, listed_tags
from leads.uses import uses_of


class TagNameForm(forms.Form):
    """What a tag is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_GET
def tag_list(request: WorkspaceRequest) -> HttpResponse:
    """Which words people put on leads and companies."""
    return render(request, "leads/tag_list.html", {"page": listed_tags(request.GET)})


@require_http_methods(["GET", "HEAD", "POST"])
def tag_add(request: WorkspaceRequest) -> HttpResponse:
    """A word nobody wears yet."""
    form = TagNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = add_tag(form.cleaned_data["name"])
            say(request, _("Tag “%s” added.") % made.name)
            return _back()
    status = 422 if form.errors else 200
    return render(request, "leads/tag_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Who wears it and what asks about it; call it something else."""
    shown = get_object_or_404(counted_tags(), pk=id)
    form, other = TagNameForm(request.POST or None, initial={"name": shown.name}), None
    if request.method == "POST" and form.is_valid():
        try:
            changed = rename_tag(shown, name=form.cleaned_data["name"])
        except TagNameTaken as refusal:
            other = refusal.other
            form.add_error("name", refusal.sentence)
        else:
            say(request, _("Tag “%s” saved.") % changed.name)
            return _back()
    context = {"tag": shown, "form": form, "other": other, "uses": uses_of(id)}
    return render(request, "leads/tag.html", context, status=422 if form.errors else 200)


@require_POST
def tag_merge(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Its wearers wear the other one, whose name it was to get."""
    shown, into = get_object_or_404(Tag, pk=id), get_object_or_404(Tag, pk=_into(request))
    door = Door(Via.PERSON, by=request.member.pk)
    merge_tags(shown, into=into, door=door, now=timezone.now())
    told = {"gone": shown.name, "kept": into.name}
    say(request, _("“%(gone)s” is “%(kept)s” now.") % told)
    return redirect(workspace_reverse("leads:tag", id=into.pk))


@require_POST
def tag_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take it off everybody and forget it."""
    shown = get_object_or_404(Tag, pk=id)
    remove_tag(shown, door=Door(Via.PERSON, by=request.member.pk), now=timezone.now())
    say(request, _("Tag “%s” removed.") % shown.name)
    return _back()


def _into(request: WorkspaceRequest) -> UUID:
    try:
        return UUID(request.POST.get("into", ""))
    except ValueError:
        raise Http404 from None


def _back() -> HttpResponse:
    return redirect(workspace_reverse("leads:tag_list"))
