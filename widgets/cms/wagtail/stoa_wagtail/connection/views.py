"""The two addresses that browsers ask: for a token, and for the way to the page that works without script."""

from django.http import HttpResponseForbidden, HttpResponseNotFound, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from . import pages, settings, tokens

try:  # Django 5.1: asked by people who are not signed in, too.
    from django.contrib.auth.decorators import login_not_required
except ImportError:

    def login_not_required(view):
        return view


PLUGINS = ("comments", "questions", "kudos")


@login_not_required
@require_GET
def token(request):
    """`{"token": "..."}` for whoever is signed in, `{"token": null}` for others.

    Nothing changes by it, so that it needs no CSRF token; another origin cannot read the answer, since it has no CORS
    headers, and browsers that tell where a request comes from are refused before a token is made.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return _private(HttpResponseForbidden("ask from a page of this origin\n", content_type="text/plain"))
    made = None
    if request.user.is_authenticated:
        page = pages.unsigned(request.GET.get("page", ""))
        made = tokens.mint(request.user, page, settings.origin_of(request.build_absolute_uri("/")))
    return _private(JsonResponse({"token": made}))


@login_not_required
@require_GET
def plain(request, plugin):
    """A button that brings whoever is signed in to the plain page at the host, with a token in the body.

    The host needs the origin that the form comes from, which Django's default `Referrer-Policy: same-origin` hides; so
    this one page has another policy. People who are not signed in are sent on at once.
    """
    page = pages.unsigned(request.GET.get("page", ""))
    if plugin not in PLUGINS or page is None:
        return HttpResponseNotFound("there is no such page\n", content_type="text/plain")
    known = settings.load()
    query = urlencode({"page": page.key})
    if not request.user.is_authenticated:
        return _private(HttpResponseRedirect(f"{known.url}/t/{known.site}/{plugin}?{query}"))
    made = tokens.mint(request.user, page)
    action = f"{known.url}/plain/{known.site}/{plugin}?{query}"
    response = render(request, "stoa/plain.html", {"action": action, "token": made, "page": page})
    response["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; form-action {known.url}; base-uri 'none'; frame-ancestors 'none'"
    )
    return _private(response)


def _private(response):
    response["Cache-Control"] = "no-store, private"
    return response
