"""The token by which this site vouches for a person: a JWT (RFC 7519), HS256, good for two minutes."""

import time
import uuid

import jwt
from django.utils.module_loading import import_string

from . import settings

#: Seconds that a token is good for. The host takes 600 at the most; the widget fetches one when it needs it.
LIFETIME_S = 120


def mint(user, page=None, origin=None):
    """A token for `user`, a person who is signed in, on `page` (`pages.PageRef`) at `origin`."""
    known = settings.load()
    now = int(time.time())
    claims = {
        # First, so that nothing below can be replaced by it.
        **_extra(known, user),
        "iss": known.issuer,
        "aud": known.site,
        # The key in the database stays when somebody is renamed.
        "sub": str(user.pk),
        "iat": now,
        "exp": now + LIFETIME_S,
        "jti": uuid.uuid4().hex,
        "name": user.get_full_name() or user.get_username(),
        # Always there, and empty for most: without the claim the host keeps the roles it knows.
        "roles": roles(known, user),
    }
    # Behind a proxy Django may take itself for another origin; then the host compares none.
    if origin and origin == known.origin:
        claims["origin"] = origin
    if page:
        claims |= {"page": page.key, "page_title": page.title, "page_url": page.url}
    return jwt.encode(claims, known.secret, algorithm="HS256")


def probe():
    """A token that ran out an hour ago: the host says so only when everything else about it is right."""
    known = settings.load()
    then = int(time.time()) - 3600
    claims = {"iss": known.issuer, "aud": known.site, "sub": "stoa-check", "iat": then, "exp": then + 60, "jti": uuid.uuid4().hex}
    return jwt.encode(claims, known.secret, algorithm="HS256")


def roles(known, user):
    """Roles at Stoa, by the groups of Django that `ROLES` names."""
    found = set()
    if known.roles:
        groups = set(user.groups.values_list("name", flat=True)) if hasattr(user, "groups") else set()
        found = {role for role, names in known.roles.items() if groups.intersection(names)}
    if known.superuser_role and getattr(user, "is_superuser", False):
        found.add(known.superuser_role)
    return sorted(found)


def _extra(known, user):
    """`title`, `team`, `email` and `groups` of the site's own function, where it has one."""
    if not known.claims:
        return {}
    given = import_string(known.claims)(user)
    return {name: given[name] for name in ("title", "team", "email", "groups") if given.get(name)}
