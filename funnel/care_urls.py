"""Addresses of onboarding, training and renewals, inside a workspace."""

from django.urls import path

from funnel.views import checklists, onboarding, renewals, sending, teaching, training

urlpatterns = [
    path("onboarding/", onboarding.onboarding, name="onboarding"),
    path("onboarding/start/", onboarding.onboarding_start, name="onboarding_start"),
    path("onboarding/new/", onboarding.onboarding_step_add, name="onboarding_step_add"),
    path("onboarding/<uuid:id>/", onboarding.onboarding_step, name="onboarding_step"),
    path(
        "onboarding/<uuid:id>/shift/",
        onboarding.onboarding_step_shift,
        name="onboarding_step_shift",
    ),
    path(
        "onboarding/<uuid:id>/switch/",
        onboarding.onboarding_step_switch,
        name="onboarding_step_switch",
    ),
    path("training/", training.training, name="training"),
    path("training/new/", training.training_content_add, name="training_content_add"),
    path("training/<uuid:id>/", training.training_content, name="training_content"),
    path("training/<uuid:id>/file/", training.training_content_file, name="training_content_file"),
    path(
        "training/<uuid:id>/switch/",
        training.training_content_switch,
        name="training_content_switch",
    ),
    path(
        "customers/<uuid:id>/checklist/start/", checklists.checklist_start, name="checklist_start"
    ),
    path("customers/<uuid:id>/checklist/new/", checklists.checklist_add, name="checklist_add"),
    path("onboarding/overdue/", checklists.late_steps, name="late_steps"),
    path("checklist/<uuid:id>/", checklists.checklist_item, name="checklist_item"),
    path("checklist/<uuid:id>/done/", checklists.checklist_done, name="checklist_done"),
    path("checklist/<uuid:id>/skip/", checklists.checklist_skip, name="checklist_skip"),
    path("checklist/<uuid:id>/reopen/", checklists.checklist_reopen, name="checklist_reopen"),
    path("customers/<uuid:id>/training/", teaching.training_give, name="training_give"),
    path("training/given/<uuid:id>/send/", sending.training_send, name="training_send"),
    path("training/given/<uuid:id>/seen/", teaching.training_seen, name="training_seen"),
    path("training/given/<uuid:id>/done/", teaching.training_done, name="training_done"),
    path(
        "training/given/<uuid:id>/not-done/", teaching.training_not_done, name="training_not_done"
    ),
    path(
        "training/given/<uuid:id>/take-back/",
        teaching.training_take_back,
        name="training_take_back",
    ),
    path("renewals/", renewals.renewal_list, name="renewal_list"),
    path("renewals/reminders/", renewals.reminder_days, name="reminder_days"),
    path("customers/<uuid:id>/renewals/new/", renewals.renewal_add, name="renewal_add"),
    path("renewals/<uuid:id>/", renewals.renewal, name="renewal"),
    path("renewals/<uuid:id>/renew/", renewals.renewal_renew, name="renewal_renew"),
    path("renewals/<uuid:id>/lose/", renewals.renewal_lose, name="renewal_lose"),
    path("renewals/<uuid:id>/snooze/", renewals.renewal_snooze, name="renewal_snooze"),
    path("renewals/<uuid:id>/wake/", renewals.renewal_wake, name="renewal_wake"),
    path("renewals/<uuid:id>/reopen/", renewals.renewal_reopen, name="renewal_reopen"),
]
