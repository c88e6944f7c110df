"""Addresses of the reports inside a workspace."""

from django.urls import path

from reports import views, way_views

app_name = "reports"

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("people/<slug:figure>/", views.people_list, name="people_list"),
    path("funnel/", way_views.way, {"name": "funnel"}, name="funnel"),
    path("journey/", way_views.way, {"name": "journey"}, name="journey"),
    path("ways/<slug:counted>/<slug:step>/", way_views.step_list, name="step_list"),
    path("deals/", views.deal_list, name="deal_list"),
    path("deadlines/", views.deadline_list, name="deadline_list"),
    path("visits/", views.visit_list, name="visit_list"),
    path("costs/", views.cost_list, name="cost_list"),
    path("costs/<uuid:line>/remove/", views.cost_remove, name="cost_remove"),
    path("costs/restore/<str:kept>/", views.cost_restore, name="cost_restore"),
]
