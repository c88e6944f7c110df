"""The product's addresses, and the references our own are measured against."""

from django.urls import include, path

from benchmarks import references

urlpatterns = [
    path("bench/noop", references.noop),
    path("bench/events", references.SerializedEvents.as_view()),
    path("bench/leads", references.SerializedLeads.as_view()),
    path("", include("leadmgmt.urls")),
]
