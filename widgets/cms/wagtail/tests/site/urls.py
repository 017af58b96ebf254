"""Addresses of the tests' site."""

from django.urls import include, path

urlpatterns = [path("stoa/", include("stoa_wagtail.urls"))]
