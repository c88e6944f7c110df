"""Addresses in messages that were sent years ago: they never change."""

from django.urls import path

from nurturing.views import public

urlpatterns = [
    path("o/<str:token>.gif", public.opened, name="message_opened"),
    path("l/<str:token>", public.clicked, name="message_clicked"),
    path("u/<str:token>", public.unsubscribed, name="message_unsubscribe"),
]
