"""Addresses of leads, companies, campaigns and fields inside a workspace."""

from django.urls import path

from leads.views import (
    campaigns,
    companies,
    conditions,
    duplicates,
    fields,
    leads,
    lists,
    merging,
    profiles,
    saved,
    task_kinds,
    tasks,
    trash,
)

app_name = "leads"

urlpatterns = [
    path("leads/", lists.lead_list, name="lead_list"),
    path("leads/add/", leads.lead_add, name="lead_add"),
    path("leads/<uuid:id>/", leads.lead, name="lead"),
    path("leads/<uuid:id>/edit/", profiles.lead_edit, name="lead_edit"),
    path("leads/<uuid:id>/fields/<str:field>/", profiles.lead_field, name="lead_field"),
    path("leads/<uuid:id>/history/", profiles.lead_history, name="lead_history"),
    path("leads/<uuid:id>/assign/", leads.lead_assign, name="lead_assign"),
    path("leads/<uuid:id>/note/", leads.lead_note, name="lead_note"),
    path("leads/<uuid:id>/tasks/add/", tasks.lead_task_add, name="lead_task_add"),
    path("companies/<uuid:id>/tasks/add/", tasks.company_task_add, name="company_task_add"),
    path("tasks/", tasks.task_list, name="task_list"),
    path("tasks/team/", tasks.task_team, name="task_team"),
    path("tasks/<uuid:id>/", tasks.task, name="task"),
    path("tasks/<uuid:id>/finish/", tasks.task_finish, name="task_finish"),
    path("tasks/<uuid:id>/drop/", tasks.task_drop, name="task_drop"),
    path("tasks/<uuid:id>/reopen/", tasks.task_reopen, name="task_reopen"),
    path("task-kinds/", task_kinds.task_kind_list, name="task_kind_list"),
    path("task-kinds/add/", task_kinds.task_kind_add, name="task_kind_add"),
    path("task-kinds/<uuid:id>/", task_kinds.task_kind, name="task_kind"),
    path("task-kinds/<uuid:id>/retire/", task_kinds.task_kind_retire, name="task_kind_retire"),
    path("task-kinds/<uuid:id>/restore/", task_kinds.task_kind_restore, name="task_kind_restore"),
    path("leads/<uuid:id>/merge/", merging.lead_merge, name="lead_merge"),
    path("leads/<uuid:id>/remove/", trash.lead_remove, name="lead_remove"),
    path("leads/<uuid:id>/restore/", trash.lead_restore, name="lead_restore"),
    path("leads/removed/", trash.removed_list, name="removed_list"),
    path("leads/merges/<uuid:id>/undo/", merging.merge_undo, name="merge_undo"),
    path("leads/duplicates/", duplicates.duplicate_list, name="duplicate_list"),
    path("leads/duplicates/search/", duplicates.duplicate_search, name="duplicate_search"),
    path(
        "leads/duplicates/<uuid:id>/dismiss/",
        duplicates.duplicate_dismiss,
        name="duplicate_dismiss",
    ),
    path(
        "leads/duplicates/<uuid:id>/reopen/", duplicates.duplicate_reopen, name="duplicate_reopen"
    ),
    path("companies/", lists.company_list, name="company_list"),
    path("companies/<uuid:id>/", companies.company, name="company"),
    path("views/<slug:subject>/add/", saved.view_add, name="view_add"),
    path("views/<uuid:id>/change/", saved.view_change, name="view_change"),
    path("views/<uuid:id>/remove/", saved.view_remove, name="view_remove"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/add/", campaigns.campaign_add, name="campaign_add"),
    path("campaigns/<uuid:id>/", campaigns.campaign, name="campaign"),
    path("conditions/edit/", conditions.condition_edit, name="condition_edit"),
    path("conditions/count/", conditions.condition_count, name="condition_count"),
    path("fields/", fields.field_list, name="field_list"),
    path("fields/<uuid:id>/rename/", fields.field_rename, name="field_rename"),
    path("fields/<uuid:id>/retire/", fields.field_retire, name="field_retire"),
    path("fields/<uuid:id>/restore/", fields.field_restore, name="field_restore"),
]
