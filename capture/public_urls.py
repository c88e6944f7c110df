"""Addresses strangers use: other people's sites link here, so they never change."""

from django.urls import path

from capture.views import public_forms, sample, tracking

app_name = "public"
urlpatterns = [
    path("t/<slug:site_key>.js", tracking.script, name="script"),
    path("c/<slug:site_key>/events", tracking.events, name="events"),
    path("c/<slug:site_key>/pixel.gif", tracking.pixel, name="pixel"),
    path("f/<slug:token>.js", public_forms.form_script, name="form_script"),
    path("f/<slug:token>/", public_forms.form_page, name="form"),
    path("sample/<slug:site_key>/", sample.sample_page, name="sample"),
    path("sample/<slug:site_key>/pricing/", sample.sample_pricing, name="sample_pricing"),
]
