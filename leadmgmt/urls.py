"""Every address of the product; `access.py` beside it says who may open which."""

from django.urls import URLPattern, URLResolver, include, path

workspace_pages: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("w/<slug:workspace_slug>/", include(workspace_pages)),
]
