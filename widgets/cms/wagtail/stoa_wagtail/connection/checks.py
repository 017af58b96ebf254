"""System checks: `manage.py check` and every start name what is missing, before a page does."""

from django.conf import settings as django_settings
from django.core.checks import Error, Warning
from django.urls import NoReverseMatch, reverse

from . import settings


def check_settings(app_configs, **_kwargs):
    """E001 to E008: `STOA` in the settings."""
    return [Error(problem.what, hint=problem.hint, id=f"stoa.E{problem.number:03}") for problem in settings.problems()]


def check_addresses(app_configs, **_kwargs):
    """E011: the app's addresses; W012: templates that do not know the request."""
    found = []
    try:
        reverse("stoa:token")
    except NoReverseMatch:
        hint = 'Add path("stoa/", include("stoa_wagtail.urls")) to urlpatterns, before Wagtail\'s own.'
        found.append(Error("The addresses of stoa_wagtail are not in the URLconf.", hint=hint, id="stoa.E011"))
    needed = "django.template.context_processors.request"
    for engine in django_settings.TEMPLATES:
        known = engine.get("OPTIONS", {}).get("context_processors", [])
        if engine["BACKEND"].endswith("DjangoTemplates") and needed not in known:
            hint = f"Add '{needed}' to its context_processors."
            found.append(Warning("Templates do not get the request: pages would share a thread.", hint=hint, id="stoa.W012"))
    return found


def check_policy(app_configs, **_kwargs):
    """W013: sources that the Content-Security-Policy lacks, where Django 6 or django-csp sends one."""
    url = getattr(django_settings, "STOA", {}).get("URL", "").rstrip("/") if not list(settings.problems()) else ""
    if not url:
        return []
    found = []
    for name, policy in _policies():
        for directive, source in (("script-src", url), ("script-src", "'wasm-unsafe-eval'"), ("connect-src", url), ("connect-src", "'self'")):
            if not _allows(policy, directive, source):
                hint = f'Add "{source}" to "{directive}" in {name}.'
                found.append(Warning(f"The Content-Security-Policy lacks a source that Stoa needs.", hint=hint, id="stoa.W013"))
    return found


def _policies():
    """Name and directives of each policy that is enforced."""
    # Django 6.0 and later.
    if policy := getattr(django_settings, "SECURE_CSP", None):
        yield "SECURE_CSP", policy
    # django-csp 4 and later.
    given = getattr(django_settings, "CONTENT_SECURITY_POLICY", None)
    if given and given.get("DIRECTIVES"):
        yield 'CONTENT_SECURITY_POLICY["DIRECTIVES"]', given["DIRECTIVES"]


def _allows(policy, directive, source):
    sources = policy.get(directive, policy.get("default-src"))
    if sources is None or sources is False:
        return True
    listed = {str(one).rstrip("/") for one in ([sources] if isinstance(sources, str) else sources)}
    if source == "'wasm-unsafe-eval'":
        return bool(listed & {source, "'unsafe-eval'"})
    # A nonce or a wildcard lets it in as well; the tag has the nonce.
    by_nonce = directive == "script-src" and any("nonce" in one.lower() for one in listed)
    return source in listed or "*" in listed or by_nonce or (source.startswith("https:") and "https:" in listed)
