"""Requests to the Stoa host: ending somebody's sessions, and examining the connection."""

import json
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from django.utils import timezone

from . import settings, tokens

log = logging.getLogger("stoa")

#: Seconds that signing out may take longer because of Stoa.
SIGN_OUT_S = 2
#: Seconds that an examination waits for an answer.
EXAMINE_S = 10
#: Seconds by which clocks may differ: a token lives longer, but the host allows no more before `iat`.
CLOCK_S = 60


class Unreachable(Exception):
    """No answer came; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict
    body: bytes

    def json(self):
        """The body as an object; an empty one where it is none."""
        try:
            read = json.loads(self.body)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


class _Stay(urllib.request.HTTPRedirectHandler):
    """The host's addresses lead nowhere else; a token must not be carried on."""

    def redirect_request(self, *_args, **_kwargs):
        return None


def ask(method, path, body=None, headers=None, timeout=EXAMINE_S):
    """One request to the host. Raises `Unreachable`."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(settings.load().url + path, data=data, method=method, headers=headers or {})
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=timeout) as answer:
            return Answer(answer.status, _lower(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, _lower(error.headers), error.read())
    except (OSError, ValueError) as error:
        raise Unreachable(str(getattr(error, "reason", error))) from error


def _lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def sign_out(user):
    """Ends all sessions of a person at the host. Raises `Unreachable`; gives whether it was done."""
    site = settings.load().site
    headers = {"Authorization": f"Bearer {tokens.mint(user)}"}
    answer = ask("DELETE", f"/v1/sites/{site}/session", headers=headers, timeout=SIGN_OUT_S)
    if answer.status != 204:
        log.warning("Stoa did not end a person's sessions: %s. Run `manage.py stoa_check`.", answer.json().get("code", answer.status))
    return answer.status == 204


def on_logout(sender, request, user, **_kwargs):
    """Signing out here ends what is open there. It never keeps anybody from signing out."""
    if user is None or user.pk is None:
        return
    try:
        sign_out(user)
    except Exception as error:
        log.warning("Stoa could not be told that somebody signed out: %s. Their sessions end within ten minutes.", error)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what is, and, where it is wrong, which line to change."""

    what: str
    hint: str = ""


def examine(origin):
    """Looks at everything between pages of `origin` and the host, and ends with the first thing that is wrong."""
    for step in (_reach, _site, _trust, _plugins):
        finding = step(origin)
        yield finding
        if finding.hint:
            return


def _reach(_origin):
    known = settings.load()
    hint = f"change STOA['URL'] = '{known.url}' in the settings, or let this machine reach it (firewall, proxy, certificate)"
    try:
        answer = ask("GET", "/healthz")
        script = ask("GET", "/embed.js")
    except Unreachable as error:
        return Finding(f"the host at {known.url} does not answer: {error}", hint)
    if answer.status != 200 or script.status != 200 or "javascript" not in script.headers.get("content-type", ""):
        return Finding(f"what answers at {known.url} is no Stoa host ({answer.status}, {script.status})", hint)
    difference = _clock_difference(answer)
    if abs(difference) > CLOCK_S:
        word = "behind" if difference > 0 else "ahead"
        return Finding(
            f"this machine's clock is {abs(difference):.0f} s {word} of the host's: tokens would be refused",
            "set both clocks by NTP (`timedatectl set-ntp true`)",
        )
    return Finding(f"the host answers at {known.url}, clocks {abs(difference):.0f} s apart")


def _clock_difference(answer):
    try:
        there = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError, TypeError):
        return 0.0
    return (there - timezone.now()).total_seconds()


def _site(origin):
    known = settings.load()
    answer = ask("POST", f"/v1/sites/{known.site}/session", {"views": []}, {"Origin": origin})
    code = answer.json().get("code")
    if code == "unknown_site":
        return Finding(
            f"the host has no site `{known.site}`",
            f"change STOA['SITE'] = '{known.site}' in the settings to the `id` below [[sites]] in stoa.toml",
        )
    if code == "origin_not_allowed":
        return Finding(
            f"the site `{known.site}` does not take pages of {origin}",
            f'add it in stoa.toml below id = "{known.site}": origins = ["{origin}"]',
        )
    if answer.status != 200:
        return _strange(answer)
    return Finding(f"the site `{known.site}` takes pages of {origin}")


def _trust(origin):
    known = settings.load()
    answer = ask("POST", f"/v1/sites/{known.site}/session", {"token": tokens.probe(), "views": []}, {"Origin": origin})
    code = answer.json().get("code")
    # The token ran out long ago. To hear of that, everything that is looked at before has to be right.
    if code == "token_expired":
        return Finding(f"tokens of {known.issuer} are believed")
    hints = {
        "token_issuer": f'write below [[sites.issuers]] in stoa.toml: issuer = "{known.issuer}" (character by character STOA[\'ISSUER\'])',
        "token_algorithm": 'write below this issuer in stoa.toml: algorithm = "HS256"',
        "token_signature": "name the same secret on both sides: STOA['SECRET_FILE'] here, secret_file in stoa.toml; restart the host afterwards",
    }
    if code in hints:
        return Finding(f"tokens of {known.issuer} are refused: {answer.json().get('reason', code)}", hints[code])
    return _strange(answer)


def _plugins(origin):
    known = settings.load()
    views = [{"plugin": "comments", "page": "stoa-check"}]
    answer = ask("POST", f"/v1/sites/{known.site}/session", {"views": views}, {"Origin": origin})
    shown = (answer.json().get("views") or [{}])[0]
    code = shown.get("problem", {}).get("code")
    if code == "unknown_plugin":
        return Finding(
            f"the site `{known.site}` has no plugin `comments`",
            "add it in stoa.toml: [sites.plugins.comments] with its grants, then run `stoa check`",
        )
    if code == "plugin_failed" or answer.status != 200:
        return _strange(answer)
    return Finding("the plugin `comments` is enabled")


def _strange(answer):
    told = answer.json()
    what = told.get("reason") or told.get("detail") or answer.body[:200].decode(errors="replace")
    return Finding(f"the host answers {answer.status}: {what}", told.get("hint") or "read the host's log at this time")
