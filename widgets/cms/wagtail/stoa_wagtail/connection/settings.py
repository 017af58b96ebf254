"""What `STOA` in Django's settings says, read anew at each use."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: Roles that Stoa knows; others in a token are left out by the host.
ROLES = ("expert", "leader", "steward", "moderator", "admin", "guest")
#: Bytes that the host asks of a secret.
SECRET_BYTES_MIN = 32
KEYS = {"URL", "SITE", "ISSUER", "SECRET", "SECRET_FILE", "ROLES", "SUPERUSER_ROLE", "CLAIMS"}


@dataclass(frozen=True)
class Settings:
    """All of `STOA`, checked."""

    url: str
    site: str
    issuer: str
    secret: bytes
    roles: dict
    superuser_role: str | None
    claims: str | None

    @property
    def origin(self):
        """Scheme, host and port of the issuer: the origin of the site's pages, unless it has several."""
        return origin_of(self.issuer)

    def __repr__(self):
        return f"Settings({self.url}, {self.site}, {self.issuer})"


@dataclass(frozen=True)
class Problem:
    """Something about `STOA` that has to change. `number` is that of the system check."""

    number: int
    what: str
    hint: str


def origin_of(url):
    """Scheme, host and port of an address, in the way browsers write an origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def load():
    """The settings. Raises `ImproperlyConfigured` with the first problem."""
    for problem in problems():
        raise ImproperlyConfigured(f"{problem.what} {problem.hint}")
    given = settings.STOA
    return Settings(
        url=given["URL"].rstrip("/"),
        site=given["SITE"],
        issuer=given["ISSUER"],
        secret=_secret(given),
        roles=given.get("ROLES", {"moderator": ["Moderators"]}),
        superuser_role=given.get("SUPERUSER_ROLE", "admin"),
        claims=given.get("CLAIMS"),
    )


def problems():
    """What is wrong with `STOA`, one after the other; nothing where `load` works."""
    given = getattr(settings, "STOA", None)
    if not isinstance(given, dict):
        yield Problem(1, "STOA is not in the settings.", "Add STOA = {'URL': ..., 'SITE': ..., 'ISSUER': ..., 'SECRET_FILE': ...}.")
        return
    for key in sorted(set(given) - KEYS):
        yield Problem(2, f"STOA has no key {key!r}.", f"It knows {', '.join(sorted(KEYS))}.")
    yield from _addresses(given)
    yield from _secrets(given)
    yield from _roles(given)


def _addresses(given):
    examples = {
        "URL": "the origin of the Stoa host, its `public_url`, as in 'https://stoa.intranet.example'",
        "SITE": "the `id` of the site in stoa.toml, as in 'intranet'",
        "ISSUER": "the `issuer` in stoa.toml, usually the origin of these pages, as in 'https://intranet.example'",
    }
    for key, example in examples.items():
        value = given.get(key)
        if not isinstance(value, str) or not value:
            yield Problem(3, f"STOA['{key}'] is missing.", f"Set it to {example}.")
        elif key != "SITE" and urlsplit(value).scheme not in ("http", "https"):
            yield Problem(4, f"STOA['{key}'] is no address: {value!r}.", f"Set it to {example}.")
        elif key == "URL" and urlsplit(value).path.strip("/"):
            yield Problem(4, f"STOA['URL'] has a path: {value!r}.", f"Set it to {example}.")


def _secrets(given):
    hint = "Make one with `openssl rand -hex 32 > stoa.secret`, and name it in stoa.toml as `secret_file` too."
    if "SECRET" in given and "SECRET_FILE" in given:
        yield Problem(5, "STOA has both SECRET and SECRET_FILE.", "Keep SECRET_FILE.")
        return
    if "SECRET" not in given and "SECRET_FILE" not in given:
        yield Problem(3, "STOA['SECRET_FILE'] is missing.", hint)
        return
    try:
        secret = _secret(given)
    except (OSError, TypeError) as error:
        yield Problem(6, f"STOA['SECRET_FILE'] cannot be read: {error}.", "Name a file that this program may read.")
        return
    if len(secret) < SECRET_BYTES_MIN:
        yield Problem(7, f"The secret in STOA is shorter than {SECRET_BYTES_MIN} bytes.", hint)


def _secret(given):
    """The secret without blanks at its end, which are an editor's: the host leaves them out as well."""
    if "SECRET" in given:
        secret = given["SECRET"]
        return (secret.encode() if isinstance(secret, str) else bytes(secret)).rstrip(b" \t\r\n\f")
    return Path(given["SECRET_FILE"]).read_bytes().rstrip(b" \t\r\n\f")


def _roles(given):
    roles = given.get("ROLES", {})
    names = set(roles) if isinstance(roles, dict) else {repr(roles)}
    superuser_role = given.get("SUPERUSER_ROLE")
    for name in sorted((names | ({superuser_role} if superuser_role else set())) - set(ROLES)):
        yield Problem(8, f"Stoa has no role {name!r}.", f"STOA['ROLES'] maps {', '.join(ROLES)} to lists of groups.")
    if isinstance(roles, dict):
        for name, groups in roles.items():
            if not isinstance(groups, (list, tuple)):
                yield Problem(8, f"STOA['ROLES']['{name}'] is no list.", f"Write [{groups!r}], a list of names of groups.")
