"""People, a page, and a stand-in for the host that keeps what it is asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

ANSWERS = {
    "GET /healthz": (200, "text/plain", "ok"),
    "GET /embed.js": (200, "text/javascript", ""),
    "DELETE /v1/sites/intranet/session": (204, "text/plain", ""),
}


@pytest.fixture
def erin(db):
    """An editor who moderates."""
    user = get_user_model().objects.create_user("erin", "erin@intranet.example", "pw", first_name="Erin", last_name="Editor")
    user.groups.set([Group.objects.get(name="Moderators")])
    return user


@pytest.fixture
def read():
    """What a token says, once its signature has been checked."""

    def read(token):
        key = settings.STOA["SECRET"]
        return jwt.decode(token, key, algorithms=["HS256"], audience="intranet", options={"verify_exp": False})

    return read


class StandIn(BaseHTTPRequestHandler):
    """Answers as `answers` says, and keeps method, path, headers and body of each request."""

    def do(self):
        """One request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((f"{self.command} {self.path}", dict(self.headers), body))
        given = self.server.answers.get(f"{self.command} {self.path}", (404, "text/plain", ""))
        status, kind, text = given(json.loads(body)) if callable(given) else given
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode() if isinstance(text, str) else json.dumps(text).encode())

    do_GET = do_POST = do_DELETE = do

    def date_time_string(self, timestamp=None):
        """The `Date` header."""
        return self.server.date or super().date_time_string(timestamp)

    def log_message(self, *_args):
        """Tests are quiet."""


@pytest.fixture
def host(settings):
    """The stand-in, named as `URL` in the settings."""
    server = HTTPServer(("127.0.0.1", 0), StandIn)
    server.asked, server.answers, server.date = [], dict(ANSWERS), None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.STOA = settings.STOA | {"URL": f"http://127.0.0.1:{server.server_port}"}
    yield server
    server.shutdown()
    server.server_close()
