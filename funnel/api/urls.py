"""Addresses of the funnel's part of the API, below `/api/v1/`."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from funnel.api.attempts import AttemptViewSet
from funnel.api.care_urls import urlpatterns as care
from funnel.api.closing_sight import ClosingSightView, SightHistoryView
from funnel.api.customers import CustomerViewSet
from funnel.api.cycles import CycleViewSet
from funnel.api.deal_lines import DealLinesViewSet
from funnel.api.deals import DealViewSet
from funnel.api.definitions import CompanyRuleViewSet, DefinitionViewSet
from funnel.api.entry import LeadEntryView
from funnel.api.feedback import FeedbackMqlsView, FeedbackView
from funnel.api.forecast import ForecastViewSet
from funnel.api.handovers import HandoverViewSet
from funnel.api.health_urls import urlpatterns as health
from funnel.api.moves import MoveViewSet
from funnel.api.pipelines import CloseReasonViewSet, PipelineViewSet, StageViewSet
from funnel.api.playbooks import PlaybookViewSet
from funnel.api.products import ProductViewSet
from funnel.api.qualifications import QualificationViewSet
from funnel.api.queue import QueueViewSet
from funnel.api.routing_urls import urlpatterns as routing

router = SimpleRouter(use_regex_path=False)
router.register("attempts", AttemptViewSet, basename="attempt")
router.register("close-reasons", CloseReasonViewSet, basename="close-reason")
router.register("company-rules", CompanyRuleViewSet, basename="company-rule")
router.register("customers", CustomerViewSet, basename="customer")
router.register("cycles", CycleViewSet, basename="cycle")
router.register("deals", DealViewSet, basename="deal")
router.register("definitions", DefinitionViewSet, basename="definition")
router.register("forecast", ForecastViewSet, basename="forecast")
router.register("handovers", HandoverViewSet, basename="handover")
router.register("moves", MoveViewSet, basename="move")
router.register("pipelines", PipelineViewSet, basename="pipeline")
router.register("pipeline-stages", StageViewSet, basename="pipeline-stage")
router.register("playbooks", PlaybookViewSet, basename="playbook")
router.register("products", ProductViewSet, basename="product")
router.register("qualifications", QualificationViewSet, basename="qualification")
router.register("queue", QueueViewSet, basename="queue")

urlpatterns = [
    path("closing-sight/", ClosingSightView.as_view(), name="closing-sight"),
    path("closing-sight/history/", SightHistoryView.as_view(), name="closing-sight-history"),
    path("mql-feedback/", FeedbackView.as_view(), name="mql-feedback"),
    path("mql-feedback/mqls/", FeedbackMqlsView.as_view(), name="mql-feedback-mqls"),
    *care,
    *health,
    *routing,
    *router.urls,
    path(
        "deals/<uuid:pk>/lines/",
        DealLinesViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="deal-lines",
    ),
    path("leads/<uuid:id>/entry/", LeadEntryView.as_view(), name="lead-entry"),
]
