"""The pages on which the next version of some rules is written, the same for every kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import SoleVersion
from leadmgmt.workspaces.refusing import refusals_on


@dataclass(frozen=True)
class RuleDrafts:
    """The draft of one kind of rules.

    `name` begins the names of pages and templates (`funnel:<name>_draft`). `verbs`: the module
    that starts and discards a draft and saves, removes and moves its rules. `rules`: those of any
    draft. `form`: what is asked of a rule. `told`: the rules of a draft in words.
    """

    name: str
    verbs: ModuleType
    versions: type[SoleVersion]
    rules: Callable[[], QuerySet[Any]]
    form: type[Any]
    told: Callable[[Any], Sequence[Any]]

    def paths(self, at: str) -> list[URLPattern]:
        """The pages, below an address that ends in a slash."""
        post, both = require_POST, require_http_methods(["GET", "HEAD", "POST"])
        one = f"{at}rules/<uuid:id>/"
        return [
            path(at, require_GET(self.draft), name=f"{self.name}_draft"),
            path(f"{at}start/", post(self.start), name=f"{self.name}_draft_start"),
            path(f"{at}discard/", post(self.discard), name=f"{self.name}_draft_discard"),
            path(f"{at}rules/new/", both(self.add), name=f"{self.name}_rule_add"),
            path(one, both(self.edit), name=f"{self.name}_rule"),
            path(f"{one}move/", post(self.move), name=f"{self.name}_rule_move"),
            path(f"{one}remove/", post(self.remove), name=f"{self.name}_rule_remove"),
        ]

    def the_draft(self) -> Any:
        """The version being written; 404 without one."""
        found = self.versions.objects.draft().first()
        if found is None:
            raise Http404
        return found

    def draft(self, request: WorkspaceRequest) -> HttpResponse:
        """The rules as they are being written."""
        plan = self.the_draft()
        context = {"plan": plan, "rules": self.told(plan)}
        return render(request, f"funnel/{self.name}_draft.html", context)

    def start(self, request: WorkspaceRequest) -> HttpResponse:
        """Begin the next version, or go on with it."""
        self.verbs.start_draft(by=request.member, now=timezone.now())
        return self._back()

    def discard(self, request: WorkspaceRequest) -> HttpResponse:
        """Throw the draft away."""
        self.verbs.discard_draft(self.the_draft())
        say(request, _("Draft discarded; what is in force stays."))
        return redirect(workspace_reverse(f"funnel:{self.name}"))

    def add(self, request: WorkspaceRequest) -> HttpResponse:
        """A new rule."""
        return self._write(request, None)

    def edit(self, request: WorkspaceRequest, id: UUID) -> HttpResponse:
        """A rule of the draft."""
        return self._write(request, self._rule(id))

    def move(self, request: WorkspaceRequest, id: UUID) -> HttpResponse:
        """One place up or down."""
        self.verbs.move_rule(self._rule(id), up=request.POST.get("to") == "up")
        return self._back()

    def remove(self, request: WorkspaceRequest, id: UUID) -> HttpResponse:
        """Take a rule out of the draft."""
        found = self._rule(id)
        self.verbs.remove_rule(found)
        say(request, _("“%(name)s” removed from the draft.") % {"name": found.name})
        return self._back()

    def _write(self, request: WorkspaceRequest, shown: Any) -> HttpResponse:
        plan = self.the_draft()
        form = self.form(request.POST or None, rule=shown)
        is_saving = "save" in request.POST
        if is_saving and form.is_valid():
            with refusals_on(form):
                self.verbs.save_rule(plan, form.words(), rule_id=shown.pk if shown else None)
                say(request, _("Rule saved."))
                return self._back()
        status = 422 if is_saving else 200
        context = {"form": form, "rule": shown}
        return render(request, f"funnel/{self.name}_rule.html", context, status=status)

    def _rule(self, rule_id: UUID) -> Any:
        return get_object_or_404(self.rules(), pk=rule_id, plan=self.the_draft())

    def _back(self) -> HttpResponse:
        return redirect(workspace_reverse(f"funnel:{self.name}_draft"))
