"""Which page it is: a key that stays, with its title and address, signed for the way through the browser."""

from dataclasses import astuple, dataclass

from django.apps import apps
from django.core import signing

#: The host's limits: bytes of a key, characters of a title and an address.
KEY_BYTES_MAX = 200
TITLE_CHARS_MAX = 300
URL_CHARS_MAX = 2000
SALT = "stoa.page"


@dataclass(frozen=True)
class PageRef:
    """A page as Stoa knows it."""

    key: str
    title: str
    url: str

    def __post_init__(self):
        if not self.key or len(self.key.encode()) > KEY_BYTES_MAX:
            raise ValueError(f"the key of a page for Stoa has 1 to {KEY_BYTES_MAX} bytes: {self.key!r}")

    def signed(self):
        """A text that names the page and that nobody can make but this site."""
        return signing.dumps(astuple(self), salt=SALT, compress=True)


def unsigned(text):
    """The page that `PageRef.signed` named; none for anything else."""
    try:
        return PageRef(*signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def current(context, key=None, title=None):
    """The page that a template's context is about; none where it says nothing of one.

    A page of Wagtail has its id for a key, which survives new slugs, moves and new titles, or what its attribute
    `stoa_page_key` says. Other views have the path of the request.
    """
    request, page = context.get("request"), context.get("page")
    if is_wagtail(page):
        own = getattr(page, "stoa_page_key", None)
        url = page.get_full_url(request) or ""
        return _ref(key or own or f"wagtail-{page.pk}", title or page.title, url)
    if request is None:
        return _ref(key, title or "", "") if key else None
    path = request.path
    return _ref(key or path, title or "", request.build_absolute_uri(path))


def is_preview(context):
    """Whether an editor looks at a page that may not be there yet."""
    page = context.get("page")
    return getattr(context.get("request"), "is_preview", False) or (is_wagtail(page) and not page.pk)


def is_wagtail(page):
    """Whether this is a page of Wagtail; other things are called `page` in contexts as well."""
    if page is None or not apps.is_installed("wagtail"):
        return False
    from wagtail.models import Page

    return isinstance(page, Page)


def _ref(key, title, url):
    return PageRef(key, title[:TITLE_CHARS_MAX], url if len(url) <= URL_CHARS_MAX else "")
