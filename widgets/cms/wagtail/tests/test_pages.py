"""What tags and the block write into pages."""

import pathlib
import re

import pytest
from babel.messages import mofile, pofile
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Page, Site

import stoa_wagtail
from stoa_wagtail.blocks import StoaBlock
from stoa_wagtail.connection import pages


@pytest.fixture
def page(db):
    """A page of Wagtail."""
    made = Site.objects.get().root_page.add_child(instance=Page(title='Travel "abroad" & home', slug="travel"))
    return Page.objects.get(pk=made.pk)


def show(text, **context):
    """A template, with a request for `/travel/`."""
    request = RequestFactory().get("/travel/", HTTP_HOST="intranet.example", secure=True)
    return Template("{% load stoa %}" + text).render(Context({"request": request} | context))


def attribute(html, name):
    """The value of the first attribute with this name."""
    return re.search(rf' {name}="([^"]*)"', html)[1]


def signed_page(html):
    """The page that an address in the markup carries."""
    return pages.unsigned(re.search(r"\?page=([^\"&]+)", html)[1].replace("%3A", ":"))


def test_a_page_keeps_its_key_when_it_is_renamed_and_moved(page):
    html = show("{% stoa_comments %}", page=page)
    assert attribute(html, "page") == f"wagtail-{page.pk}"
    assert attribute(html, "title") == "Travel &quot;abroad&quot; &amp; home"
    page.slug, page.title = "journeys", "Journeys"
    page.save()
    assert attribute(show("{% stoa_comments %}", page=page), "page") == f"wagtail-{page.pk}"
    page.stoa_page_key = "policies/travel"
    assert attribute(show("{% stoa_comments %}", page=page), "page") == "policies/travel"


def test_the_head_vouches_for_the_page_and_the_link_inside_too(page):
    head, widget = show("{% stoa_head %}", page=page), show("{% stoa_comments %}", page=page)
    assert '<script type="module" src="https://stoa.example/embed.js" data-site="intranet" async>' in head
    for html in (head, widget):
        assert signed_page(html).key == f"wagtail-{page.pk}" and signed_page(html).title == page.title
    assert "/stoa/plain/comments/?page=" in widget and "eyJ0eXAi" not in head + widget


def test_other_views_have_their_path_or_the_key_given():
    assert attribute(show("{% stoa_comments %}", page="2 of 5"), "page") == "/travel/"
    html = show('{% stoa_comments key="policies/travel" title="Travel" %}')
    assert attribute(html, "page") == "policies/travel"
    assert signed_page(attribute(html, "token-url") + '"').key == "policies/travel"


def test_pages_are_the_same_for_all_readers_so_that_caches_may_keep_them(page, erin):
    request = RequestFactory().get("/travel/", HTTP_HOST="intranet.example")
    request.user = erin
    html = show("{% stoa_head %}{% stoa_bell %}", page=page)
    again = Template("{% load stoa %}{% stoa_head %}{% stoa_bell %}").render(Context({"request": request, "page": page}))
    without = [re.sub(r"\?page=[^\"]+", "", text) for text in (html, again)]
    assert without[0] == without[1] and "Erin" not in again


def test_a_nonce_is_put_in_where_the_policy_has_one():
    assert ' nonce="abc"' in show("{% stoa_head %}", csp_nonce="abc")
    assert "nonce" not in show("{% stoa_head %}")


def test_the_editors_block_shows_what_was_chosen_on_its_page(page):
    block = StoaBlock()
    request = RequestFactory().get("/x/", HTTP_HOST="intranet.example")
    for widget in ("comments", "questions", "kudos"):
        html = block.render(block.to_python({"widget": widget}), context={"request": request, "page": page})
        assert f"<stoa-{widget} " in html and f'page="wagtail-{page.pk}"' in html
    request.is_preview = True
    html = block.render(block.to_python({}), context={"request": request, "page": page})
    assert "<stoa-" not in html and "once the page is published" in html
    # Without `include_block` there is no request; the loader finds the page by its address.
    assert "<stoa-comments lang=" in block.render(block.to_python({}))


def test_german_pages_speak_german(page):
    with translation.override("de"):
        html = show("{% stoa_comments %}", page=page)
    assert attribute(html, "lang") == "de" and ">Kommentare zu dieser Seite</a>" in html


def test_the_compiled_texts_are_those_of_the_source():
    folder = pathlib.Path(stoa_wagtail.__file__).parent / "locale/de/LC_MESSAGES"
    with open(folder / "django.po", "rb") as source, open(folder / "django.mo", "rb") as compiled:
        written, read = pofile.read_po(source), mofile.read_mo(compiled)
    texts = {message.id: message.string for message in written if message.id}
    assert texts and texts == {message.id: message.string for message in read if message.id}
    marked = set()
    for path in pathlib.Path(stoa_wagtail.__file__).parent.rglob("*"):
        if path.suffix in (".py", ".html"):
            marked.update(re.findall(r"(?:gettext|\b_|translate) ?\(?\"([^\"]+)\"", path.read_text()))
    assert marked == set(texts)


def test_a_key_that_the_host_would_refuse_is_refused_here():
    with pytest.raises(ValueError, match="200 bytes"):
        pages.PageRef("ä" * 101, "", "")
