"""Addresses of the app: `path("stoa/", include("stoa_wagtail.urls"))`, before Wagtail's own catch-all."""

from django.urls import path

from .connection import views

app_name = "stoa"
urlpatterns = [
    path("token/", views.token, name="token"),
    path("plain/<slug:plugin>/", views.plain, name="plain"),
]
