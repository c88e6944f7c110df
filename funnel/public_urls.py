"""Addresses in letters to customers: they never change."""

from django.urls import path

from funnel.views import teaching

urlpatterns = [
    path("learn/<str:token>/", teaching.learn, name="learn"),
]
