"""Capture's pages inside a workspace."""

from django.urls import path

from capture.views import forms, imports, setup

app_name = "capture"
urlpatterns = [
    path("tracking/", setup.tracking, name="tracking"),
    path("forms/", forms.form_list, name="form_list"),
    path("forms/new/", forms.form_new, name="form_new"),
    path("forms/<uuid:id>/", forms.form_detail, name="form"),
    path("forms/<uuid:id>/edit/", forms.form_edit, name="form_edit"),
    path("forms/<uuid:id>/answers/", forms.submission_list, name="submission_list"),
    path("answers/<uuid:id>/accept/", forms.submission_accept, name="submission_accept"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<uuid:id>/", imports.import_detail, name="import"),
    path("imports/<uuid:id>/mapping/", imports.import_mapping, name="import_mapping"),
    path("imports/<uuid:id>/reread/", imports.import_reread, name="import_reread"),
    path("imports/<uuid:id>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<uuid:id>/resume/", imports.import_resume, name="import_resume"),
    path("imports/<uuid:id>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<uuid:id>/remove/", imports.import_remove, name="import_remove"),
    path("imports/<uuid:id>/left-out.csv", imports.import_problems, name="import_problems"),
]
