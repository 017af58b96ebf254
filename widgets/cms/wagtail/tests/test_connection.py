"""System checks, `stoa_check`, and signing out."""

import io
import json

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client

from stoa_wagtail.connection import settings as stoa_settings
from stoa_wagtail.connection import host as stoa_host

SESSION = "POST /v1/sites/intranet/session"


def problem(status, code, reason=""):
    """A refusal of the host."""
    return (status, "application/problem+json", {"code": code, "reason": reason})


def of(token, views=None, nobody=(200, "application/json", {"views": []})):
    """Answers by what was asked: with a token, with views, with neither."""

    def answer(ask):
        return token if ask.get("token") else (views if ask["views"] and views else nobody)

    return answer


EXPIRED = problem(401, "token_expired")
SHOWN = (200, "application/json", {"views": [{"problem": {"code": "sign_in_needed"}}]})


def check(**options):
    """What `stoa_check` prints; a refusal as an error."""
    out = io.StringIO()
    call_command("stoa_check", stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "change, number, named",
    [
        ({"URL": None}, "E003", "URL"),
        ({"SITE": ""}, "E003", "SITE"),
        ({"ISSUER": None}, "E003", "ISSUER"),
        ({"SECRET": None}, "E006", "SECRET"),
        ({"SECRETFILE": "x"}, "E002", "SECRETFILE"),
        ({"URL": "stoa.example"}, "E004", "URL"),
        ({"URL": "https://stoa.example/embed.js"}, "E004", "path"),
        ({"SECRET": "short \n" + " " * 40}, "E007", "32 bytes"),
        ({"SECRET_FILE": "/x"}, "E005", "both"),
        ({"ROLES": {"boss": []}}, "E008", "boss"),
        ({"ROLES": {"expert": "Law"}}, "E008", "expert"),
        ({"SUPERUSER_ROLE": "root"}, "E008", "root"),
    ],
)
def test_a_check_names_what_is_wrong(settings, change, number, named):
    settings.STOA = settings.STOA | change
    found = run_checks(tags=["stoa"])
    assert [error.id for error in found] == [f"stoa.{number}"] and named in found[0].msg and found[0].hint


def test_a_complete_configuration_has_nothing_to_say(settings, tmp_path):
    assert run_checks(tags=["stoa"]) == []
    secret = tmp_path / "stoa.secret"
    secret.write_text("x" * 64 + "\n")
    settings.STOA = {"URL": "https://s.example/", "SITE": "a", "ISSUER": "https://i.example/wiki", "SECRET_FILE": secret}
    assert run_checks(tags=["stoa"]) == []
    known = stoa_settings.load()
    # As the host does, without the line's end.
    assert (known.secret, known.url, known.origin) == (b"x" * 64, "https://s.example", "https://i.example")
    assert "xxx" not in repr(known)
    del settings.STOA
    assert [error.id for error in run_checks(tags=["stoa"])] == ["stoa.E001"]


def test_missing_addresses_are_named(settings):
    settings.ROOT_URLCONF = "tests.site"
    tests_site = __import__("tests.site", fromlist=["urlpatterns"])
    tests_site.urlpatterns = []
    assert [error.id for error in run_checks(tags=["stoa"])] == ["stoa.E011"]


STRICT = {"default-src": ["'none'"], "script-src": ["'self'"]}
OPEN = {"script-src": ["https://stoa.example", "'wasm-unsafe-eval'"], "connect-src": ["'self'", "https://stoa.example"]}


def test_a_policy_that_lacks_a_source_is_named(settings):
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}
    hints = [warning.hint for warning in run_checks(tags=["stoa"])]
    assert len(hints) == 4 and 'Add "https://stoa.example" to "script-src"' in hints[0]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT | OPEN}
    settings.SECURE_CSP = OPEN
    assert run_checks(tags=["stoa"]) == []
    settings.SECURE_CSP = OPEN | {"connect-src": ["https://stoa.example"]}
    assert [warning.hint for warning in run_checks(tags=["stoa"])] == ['Add "\'self\'" to "connect-src" in SECURE_CSP.']


def test_a_good_connection_is_told_step_by_step(host):
    host.answers[SESSION] = of(EXPIRED, SHOWN)
    told = check()
    assert told.count("ok:") == 5 and "clocks" in told and "believed" in told
    bodies = [json.loads(body) for _, _, body in host.asked if body]
    # The token that was sent is no good to anybody.
    assert [set(body) for body in bodies] == [{"views"}, {"token", "views"}, {"views"}]
    assert {headers["Origin"] for name, headers, _ in host.asked if name == SESSION} == {"https://intranet.example"}
    check(origin="https://other.example")
    assert host.asked[-1][1]["Origin"] == "https://other.example"


@pytest.mark.parametrize(
    "answer, what, line",
    [
        (problem(404, "unknown_site"), "no site `intranet`", "STOA['SITE'] = 'intranet'"),
        (problem(403, "origin_not_allowed"), "https://intranet.example", 'origins = ["https://intranet.example"]'),
        (of(problem(401, "token_issuer")), "refused", 'issuer = "https://intranet.example"'),
        (of(problem(401, "token_signature", "does not fit")), "does not fit", "secret_file"),
        (of(problem(401, "token_algorithm")), "refused", 'algorithm = "HS256"'),
        (of(EXPIRED, (200, "x/json", {"views": [{"problem": {"code": "unknown_plugin"}}]})), "no plugin", "[sites.plugins.comments]"),
        (problem(503, "busy", "too much to do"), "503: too much to do", "log"),
        # A host that believes in a token of an hour ago is none.
        (of((200, "application/json", {})), "answers 200", "log"),
    ],
)
def test_each_thing_that_is_wrong_has_its_line(host, answer, what, line):
    host.answers[SESSION] = answer
    with pytest.raises(CommandError) as refused:
        check()
    said, hint = str(refused.value).split("\nhint: ")
    assert what in said and line in hint


def test_a_host_that_is_not_there_is_told(host, settings):
    host.answers["GET /embed.js"] = (404, "text/html", "")
    with pytest.raises(CommandError, match="no Stoa host"):
        check()
    host.date = "Thu, 01 Jan 2026 00:00:00 GMT"
    host.answers["GET /embed.js"] = (200, "text/javascript", "")
    with pytest.raises(CommandError, match="s ahead of the host's.*\nhint: .*NTP"):
        check()
    settings.STOA = settings.STOA | {"URL": "http://127.0.0.1:1"}
    with pytest.raises(CommandError, match=r"does not answer.*\nhint: change STOA\['URL'\] = 'http://127.0.0.1:1'"):
        check()


def test_signing_out_ends_the_sessions_there(host, erin, read):
    browser = Client()
    browser.force_login(erin)
    browser.logout()
    (name, headers, _) = host.asked[-1]
    assert name == "DELETE /v1/sites/intranet/session"
    scheme, token = headers["Authorization"].split(" ")
    # A claim `origin` would be refused, since a server asks from none.
    assert scheme == "Bearer" and read(token)["sub"] == str(erin.pk) and "origin" not in read(token)
    Client().logout()
    assert len(host.asked) == 1


def test_a_host_that_is_down_keeps_nobody_from_signing_out(erin, settings, caplog):
    settings.STOA = settings.STOA | {"URL": "http://127.0.0.1:1"}
    browser = Client()
    browser.force_login(erin)
    browser.logout()
    assert "_auth_user_id" not in browser.session and "within ten minutes" in caplog.text
    settings.STOA = {}
    browser.force_login(erin)
    browser.logout()
    assert "_auth_user_id" not in browser.session


def test_a_token_is_not_carried_on_to_another_address(host, erin):
    host.answers["DELETE /v1/sites/intranet/session"] = (307, "text/plain", "")
    assert stoa_host.sign_out(erin) is False and len(host.asked) == 1
