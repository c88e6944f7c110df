"""Addresses of nurturing inside a workspace."""

from django.urls import path

from nurturing.views import drafts, enrolments, sequences

app_name = "nurturing"

urlpatterns = [
    path("", sequences.sequence_list, name="sequence_list"),
    path("new/", sequences.sequence_new, name="sequence_new"),
    path("<uuid:id>/", sequences.sequence, name="sequence"),
    path("<uuid:id>/settings/", sequences.sequence_edit, name="sequence_edit"),
    path("<uuid:id>/pause/", sequences.sequence_pause, name="sequence_pause"),
    path("<uuid:id>/resume/", sequences.sequence_resume, name="sequence_resume"),
    path("<uuid:id>/messages/", sequences.message_list, name="message_list"),
    path("messages/<uuid:id>/settle/", sequences.message_settle, name="message_settle"),
    path("<uuid:id>/draft/", drafts.draft, name="draft"),
    path("<uuid:id>/draft/start/", drafts.draft_start, name="draft_start"),
    path("<uuid:id>/draft/discard/", drafts.draft_discard, name="draft_discard"),
    path("<uuid:id>/draft/add/", drafts.step_add, name="step_add"),
    path("steps/<uuid:id>/", drafts.step, name="step"),
    path("steps/<uuid:id>/preview/", drafts.step_preview, name="step_preview"),
    path("steps/<uuid:id>/test/", drafts.step_test, name="step_test"),
    path("steps/<uuid:id>/move/", drafts.step_move, name="step_move"),
    path("steps/<uuid:id>/remove/", drafts.step_remove, name="step_remove"),
    path("enrol/<uuid:lead_id>/", enrolments.enrol, name="enrol"),
    path("enrolments/<uuid:id>/leave/", enrolments.leave, name="leave"),
]
