"""Addresses of the SLA inside a workspace."""

from django.urls import path

from sla import views

app_name = "sla"

urlpatterns = [
    path("", views.policy_list, name="policy_list"),
    path("publish/", views.policy_edit, name="policy_edit"),
    path("clocks/", views.clock_list, name="clock_list"),
]
