"""GET /stoa/token for pages behind a proxy that signs people in. Python 3.8 and its standard library.

`python3 stoa_token.py` answers on 127.0.0.1; `application` is the same for any WSGI server.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from pathlib import Path

SITE, ISSUER = os.environ["STOA_SITE"], os.environ["STOA_ISSUER"]
SECRET = Path(os.environ["STOA_SECRET_FILE"]).read_bytes().rstrip()
MODERATORS = os.environ.get("STOA_MODERATORS")


def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def sign(claims):
    head = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return (head + b"." + part(hmac.new(SECRET, head, hashlib.sha256).digest())).decode()


def token(user, name, groups):
    now = int(time.time())
    roles = ["moderator"] if MODERATORS and MODERATORS in groups else []
    return sign({
        "iss": ISSUER, "aud": SITE, "sub": user, "iat": now, "exp": now + 120, "jti": secrets.token_hex(16),
        "name": name or user, "roles": roles, "groups": groups,
    })


def application(environ, start_response):
    def header(name):  # WSGI hands bytes on as Latin-1
        return environ.get("HTTP_X_REMOTE_" + name, "").encode("latin-1").decode("utf-8", "replace").strip()

    status, made = "200 OK", None
    if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
        status = "403 Forbidden"
    elif header("USER"):
        made = token(header("USER"), header("NAME"), [one.strip() for one in header("GROUPS").split(",") if one.strip()])
    start_response(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    return [json.dumps({"token": made}).encode()]


if __name__ == "__main__":
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        def get_environ(self):  # its own takes bytes like those at the end of `à` for blanks
            return {**super().get_environ(), "HTTP_X_REMOTE_NAME": self.headers.get("X-Remote-Name", "")}

    make_server("127.0.0.1", int(os.environ.get("PORT", "4180")), application, handler_class=Handler).serve_forever()
