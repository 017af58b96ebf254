"""`{% load stoa %}`: the script once in the head, and a widget wherever there is to be one."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from ..connection import pages, settings

register = template.Library()


@register.inclusion_tag("stoa/head.html", takes_context=True)
def stoa_head(context):
    """The script, and where the widgets get a token; for the head of every page that has a widget."""
    known = settings.load()
    return {"url": known.url, "site": known.site, "token_url": _token_url(pages.current(context)), "nonce": _nonce(context)}


@register.inclusion_tag("stoa/widget.html", takes_context=True)
def stoa_comments(context, key=None, title=None):
    """The comments of the page; of the page with another `key` where one is given."""
    return _widget(context, "comments", gettext("Comments on this page"), key, title)


@register.inclusion_tag("stoa/widget.html", takes_context=True)
def stoa_questions(context, key=None, title=None, scope=None):
    """The questions about the page; with `scope="site"` those of the whole site."""
    return _widget(context, "questions", gettext("Questions about this page"), key, title, scope)


@register.inclusion_tag("stoa/widget.html", takes_context=True)
def stoa_kudos(context):
    """Thanks among colleagues: the whole site's."""
    return _widget(context, "kudos", gettext("Thanks to colleagues"))


@register.inclusion_tag("stoa/bell.html", takes_context=True)
def stoa_bell(context):
    """The bell with a person's notices; nothing for people who are not signed in."""
    return {"lang": get_language()}


def _widget(context, plugin, label, key=None, title=None, scope=None):
    page = pages.current(context, key, title)
    shown = {"plugin": plugin, "label": label, "scope": scope, "lang": get_language(), "page": page}
    if pages.is_preview(context):
        return shown | {"preview": True}
    if page:
        shown["plain_url"] = f"{reverse('stoa:plain', args=[plugin])}?{urlencode({'page': page.signed()})}"
    # The address in the head is for the page itself.
    if key:
        shown["token_url"] = _token_url(page)
    return shown


def _token_url(page):
    address = reverse("stoa:token")
    return f"{address}?{urlencode({'page': page.signed()})}" if page else address


def _nonce(context):
    """That of Django 6 or django-csp; none where the policy has no nonces."""
    return context.get("csp_nonce") or getattr(context.get("request"), "csp_nonce", "")
