"""Addresses of this app's part of the API, below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from leads.api.activities import append_activities
from leads.api.bulk import BulkActionViewSet
from leads.api.campaigns import CampaignViewSet
from leads.api.companies import CompanyViewSet
from leads.api.conditions import ConditionViewSet
from leads.api.custom import CustomFieldViewSet
from leads.api.files import FileViewSet
from leads.api.leads import LeadViewSet
from leads.api.merging import DuplicateViewSet, MergeViewSet
from leads.api.merging_companies import CompanyMergeViewSet
from leads.api.notes import NoteViewSet
from leads.api.personas import PersonaViewSet
from leads.api.privacy import ConsentViewSet, PrivacyRequestViewSet, PurposeViewSet
from leads.api.retention import RetentionRuleViewSet
from leads.api.segments import SegmentViewSet
from leads.api.tag_names import TagViewSet
from leads.api.tasks import TaskKindViewSet, TaskViewSet
from leads.api.timelines import ActivityViewSet
from leads.api.views import SavedViewViewSet

router = SimpleRouter(use_regex_path=False)
router.register("leads", LeadViewSet, basename="lead")
router.register("companies", CompanyViewSet, basename="company")
router.register("fields", CustomFieldViewSet, basename="field")
router.register("views", SavedViewViewSet, basename="view")
router.register("bulk-actions", BulkActionViewSet, basename="bulk")
router.register("tags", TagViewSet, basename="tag")
router.register("activities", ActivityViewSet, basename="activity")
router.register("merges", MergeViewSet, basename="merge")
router.register("company-merges", CompanyMergeViewSet, basename="company-merge")
router.register("duplicates", DuplicateViewSet, basename="duplicate")
router.register("task-kinds", TaskKindViewSet, basename="task-kind")
router.register("tasks", TaskViewSet, basename="task")
router.register("notes", NoteViewSet, basename="note")
router.register("files", FileViewSet, basename="file")
router.register("purposes", PurposeViewSet, basename="purpose")
router.register("consents", ConsentViewSet, basename="consent")
router.register("privacy-requests", PrivacyRequestViewSet, basename="privacy-request")
router.register("retention-rules", RetentionRuleViewSet, basename="retention-rule")
router.register("campaigns", CampaignViewSet, basename="campaign")
router.register("conditions", ConditionViewSet, basename="condition")
router.register("segments", SegmentViewSet, basename="segment")
router.register("personas", PersonaViewSet, basename="persona")

urlpatterns: list[URLPattern | URLResolver] = [
    path("activities/batch", append_activities, name="activity-batch"),
    path("", include(router.urls)),
]
