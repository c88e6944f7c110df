"""The board: pipeline columns with their sums, and moving cards between them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from funnel.actions import deals as actions
from funnel.actions.pipelines import first_stage
from funnel.models import Deal, Pipeline, PipelineStage
from funnel.queries.board import Column, board_of, card_of, more_of, sums_of
from leadmgmt.ui import formatting
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member

Asked = dict[str, Any]


@require_GET
def board(request: WorkspaceRequest) -> HttpResponse:
    """Open deals of one pipeline by stage; `?owner=` only somebody's, `?pipeline=` which."""
    pipelines = _pipelines()
    chosen = next(
        (each for each in pipelines if str(each.pk) == request.GET.get("pipeline")), pipelines[0]
    )
    members = list(Member.objects.present().order_by("name", "id"))
    owner = _owner(request, members)
    columns = board_of(chosen, owner=owner)
    context = {
        "pipelines": pipelines,
        "pipeline": chosen,
        "members": members,
        "owner": owner,
        "columns": columns,
        "shown": _shown(request, columns),
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
        "rest": _without_stage(request),
        "may_shape": may(request.member.role, "funnel:pipeline_list"),
        **_rights(request),
    }
    return render(request, "funnel/board.html", context)


@require_GET
def board_more(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The next cards of one column: for the page, or as a page of their own."""
    stage = _stage(id)
    members = list(Member.objects.present())
    owner = _owner(request, members)
    column = more_of(stage, request.GET.get("after", ""), owner=owner)
    context = {"column": column, "today": timezone.localdate(), "owner": owner, "cursor": True}
    template = "funnel/_board_cards.html" if request.htmx else "funnel/board_more.html"
    return render(request, template, {**context, **_rights(request)})


@require_POST
def board_move(request: WorkspaceRequest) -> HttpResponse:
    """`move` names the deal, where it was seen, and where it goes: three ids."""
    ids = _ids(request.POST.get("move", ""))
    deal = get_object_or_404(Deal.objects.select_related("lead__owner"), pk=ids[0])
    seen_in, stage = _stage(ids[1]), _stage(ids[2])
    actions.move_deal(deal, stage=stage, by=request.member, now=timezone.now(), seen_in=seen_in)
    told = _("“%(deal)s” is in “%(stage)s” now.") % {"deal": deal, "stage": stage}
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"said": told, "card": _card(request, deal, stage), **_sums(request)})
    say(request, told)
    if request.POST.get("to") == "deal":
        return redirect(workspace_reverse("funnel:deal", id=deal.pk))
    back = request.POST.get("back", "")
    address = workspace_reverse("funnel:board")
    return redirect(f"{address}?{back}" if back else f"{address}?pipeline={stage.pipeline_id}")


def _card(request: WorkspaceRequest, deal: Deal, stage: PipelineStage) -> str:
    context = {"column": card_of(deal.pk, stage), "today": timezone.localdate(), **_rights(request)}
    return render_to_string("funnel/_board_cards.html", context, request)


def _sums(request: WorkspaceRequest) -> Asked:
    """What the columns of the page say now, in its words: it named their stages and the owner."""
    owner = _owner_of(request.POST.get("owner", ""), list(Member.objects.present()))
    names = [name for name in request.POST.get("stages", "").split() if _is_id(name)]
    found = sums_of(list(PipelineStage.objects.filter(pk__in=names[:50])), owner=owner)
    currency = request.workspace.currency
    sums = {
        str(pk): [
            each.deals,
            formatting.money(each.amount, currency),
            formatting.estimate(each.weighted, currency),
        ]
        for pk, each in found.items()
    }
    nothing = [0, formatting.money(0, currency), formatting.money(0, currency)]
    return {"sums": {name: sums.get(name, nothing) for name in names}}


def _rights(request: WorkspaceRequest) -> Asked:
    return {"may_sell": may(request.member.role, "funnel:board_move", "POST")}


def _without_stage(request: WorkspaceRequest) -> str:
    query = request.GET.copy()
    query.pop("stage", None)
    return query.urlencode()


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _ids(text: str) -> list[UUID]:
    try:
        first, second, third = (UUID(each) for each in text.split(":"))
    except ValueError:
        sentence = _("Say which deal goes where: its id, the stage it is in, and the new one.")
        raise actions.CannotMoveDeal(sentence) from None
    return [first, second, third]


def _stage(stage_id: UUID) -> PipelineStage:
    stages = PipelineStage.objects.select_related("pipeline")
    found: PipelineStage = get_object_or_404(stages, pk=stage_id)
    return found


def _pipelines() -> list[Pipeline]:
    found = list(Pipeline.objects.in_use().order_by("position", "id"))
    return found or [first_stage().pipeline]


def _owner(request: WorkspaceRequest, members: list[Member]) -> UUID | None:
    return _owner_of(request.GET.get("owner", ""), members)


def _owner_of(asked: str, members: list[Member]) -> UUID | None:
    return next((each.pk for each in members if str(each.pk) == asked), None)


def _shown(request: WorkspaceRequest, columns: list[Column]) -> UUID | None:
    """The column a phone shows: the one asked for, else the first with deals."""
    asked = request.GET.get("stage", "")
    wanted = [each for each in columns if str(each.stage.pk) == asked]
    filled = [each for each in columns if each.cards]
    return next((each.stage.pk for each in wanted or filled or columns), None)
