"""Who gets which token."""

import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from stoa_wagtail.connection import pages, tokens

PAGE = pages.PageRef("wagtail-7", "Travel", "https://intranet.example/travel/")


def client(user=None):
    """A browser at the site."""
    made = Client(HTTP_HOST="intranet.example")
    if user:
        made.force_login(user)
    return made


def test_a_token_says_who_it_is_and_nothing_else(erin, read):
    said = read(tokens.mint(erin))
    lasting = {name: said.pop(name) for name in ("iat", "exp", "jti")}
    assert said == {
        "iss": "https://intranet.example",
        "aud": "intranet",
        "sub": str(erin.pk),
        "name": "Erin Editor",
        "roles": ["moderator"],
    }
    assert lasting["exp"] - lasting["iat"] == tokens.LIFETIME_S <= 600
    assert abs(lasting["iat"] - time.time()) < 60
    assert lasting["jti"] != read(tokens.mint(erin))["jti"]


def test_roles_follow_groups_and_are_told_to_be_none(erin, read, settings):
    erin.groups.clear()
    assert read(tokens.mint(erin))["roles"] == []
    settings.STOA = settings.STOA | {"ROLES": {"expert": ["Finance", "Law"], "steward": ["Law"]}}
    erin.groups.create(name="Law")
    assert read(tokens.mint(erin))["roles"] == ["expert", "steward"]
    erin.is_superuser = True
    assert read(tokens.mint(erin))["roles"] == ["admin", "expert", "steward"]
    settings.STOA = settings.STOA | {"SUPERUSER_ROLE": None}
    assert "admin" not in read(tokens.mint(erin))["roles"]


def test_the_sites_own_claims_cannot_say_who_somebody_is(erin, read, settings):
    settings.STOA = settings.STOA | {"CLAIMS": "tests.site.claims.of"}
    said = read(tokens.mint(erin))
    assert (said["title"], said["email"]) == ("Editor", "erin@intranet.example")
    assert (said["sub"], said["roles"]) == (str(erin.pk), ["moderator"])
    assert "salary" not in said and "team" not in said


def test_the_address_gives_a_token_to_people_who_are_signed_in(erin, read):
    answer = client(erin).get("/stoa/token/", {"page": PAGE.signed()}, secure=True)
    assert "no-store" in answer["Cache-Control"]
    said = read(answer.json()["token"])
    assert (said["sub"], said["origin"]) == (str(erin.pk), "https://intranet.example")
    assert (said["page"], said["page_title"], said["page_url"]) == ("wagtail-7", "Travel", PAGE.url)


def test_nobody_gets_none(db):
    answer = client().get("/stoa/token/")
    assert answer.json() == {"token": None} and "no-store" in answer["Cache-Control"]


def test_an_account_that_was_closed_gets_none(erin):
    browser = client(erin)
    get_user_model().objects.update(is_active=False)
    assert browser.get("/stoa/token/").json() == {"token": None}


def test_behind_a_proxy_that_tells_nothing_of_https_there_is_no_origin(erin, read):
    answer = client(erin).get("/stoa/token/")
    assert "origin" not in read(answer.json()["token"])


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_origin_gets_none(erin, site):
    answer = client(erin).get("/stoa/token/", HTTP_SEC_FETCH_SITE=site)
    assert answer.status_code == 403 and b"eyJ" not in answer.content
    assert "Access-Control-Allow-Origin" not in answer
    assert client(erin).post("/stoa/token/").status_code == 405


@pytest.mark.parametrize("page", ["", "wagtail-7", PAGE.signed() + "x", PAGE.signed()[1:]])
def test_a_page_that_this_site_has_not_signed_is_left_out(erin, read, page):
    answer = client(erin).get("/stoa/token/", {"page": page})
    assert "page" not in read(answer.json()["token"])


def test_the_way_to_the_plain_page_tells_the_origin_and_keeps_the_token_out_of_addresses(erin):
    answer = client(erin).get("/stoa/plain/comments/", {"page": PAGE.signed()})
    html = answer.content.decode()
    assert 'action="https://stoa.example/plain/intranet/comments?page=wagtail-7"' in html
    assert 'name="token" value="eyJ' in html and "?token" not in html
    # Django's own, `same-origin`, would hide it.
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "form-action https://stoa.example" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_nobody_is_sent_to_the_plain_page_and_strangers_nowhere(db):
    answer = client().get("/stoa/plain/questions/", {"page": PAGE.signed()})
    assert answer["Location"] == "https://stoa.example/t/intranet/questions?page=wagtail-7"
    assert client().get("/stoa/plain/other/", {"page": PAGE.signed()}).status_code == 404
    assert client().get("/stoa/plain/comments/", {"page": "x"}).status_code == 404
