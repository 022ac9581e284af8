"""A small OpenID Connect provider on a port of this machine, and a console that trusts it."""

import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
import psycopg
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).parent.parent.parent
CLIENT = {"client_id": "agentsite", "client_secret": "between us"}


@dataclass
class Provider:
    """Signs in whoever `claims` say, at once; each wrong turn is a field."""

    claims: dict[str, Any] = field(default_factory=dict)
    token_says: dict[str, Any] = field(default_factory=dict)
    userinfo_says: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    is_broken: bool = False
    signs_with_another_key: bool = False

    def __post_init__(self) -> None:
        self.key, self.other_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def behave(self, **claims: Any) -> None:
        """Everything as it should be, for this person."""
        self.claims = {"sub": secrets.token_hex(8), **claims}
        self.token_says, self.userinfo_says = {}, {}
        self.refuses, self.is_broken, self.signs_with_another_key = "", False, False

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def jwks(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where to send the browser back to."""
        assert asked["client_id"] == CLIENT["client_id"]
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        code = secrets.token_hex(8)
        self.codes[code] = asked
        told = {"error": self.refuses} if self.refuses else {"code": code}
        return f"{asked['redirect_uri']}?{urlencode(told | {'state': asked['state']})}"

    def token(self, given: dict[str, str]) -> dict[str, Any]:
        """Trade a code, once, for tokens; only with its verifier (RFC 7636)."""
        asked = self.codes.pop(given["code"])
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert (asked["code_challenge_method"], asked["code_challenge"]) == ("S256", challenge)
        assert {name: given[name] for name in CLIENT} == CLIENT
        assert given["redirect_uri"] == asked["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT["client_id"],
            "iat": now,
            "exp": now + 300,
            "jti": secrets.token_hex(8),
            "sub": self.claims["sub"],
        }
        key = self.other_key if self.signs_with_another_key else self.key
        signed = jwt.encode(claims | self.token_says, key, "RS256", headers={"kid": "one"})
        return {"access_token": "abc", "token_type": "Bearer", "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if provider.is_broken:
                return self.answer(500, b"<h1>Sorry</h1>", "text/html")
            if address.path == "/authorize":
                self.send_response(302)
                self.send_header("location", provider.authorize(dict(parse_qsl(address.query))))
                return self.end_headers()
            told = {
                "/.well-known/openid-configuration": provider.discovery(),
                "/jwks": provider.jwks(),
                "/userinfo": provider.claims | provider.userinfo_says,
            }[address.path]
            return self.answer(200, json.dumps(told).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(200, json.dumps(provider.token(given)).encode())

        def answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The tests' output is the tests'."""

    return Handler


def _database_url(name: str) -> str:
    address = urlsplit(settings.DATABASE_URL)
    return address._replace(path=f"{address.path.rpartition('/')[0]}/{name}").geturl()


def _connect(name: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(**connection.get_connection_params() | {"dbname": name}, autocommit=True)


@contextmanager
def console(folder: Path, provider: Provider, **more: str):
    """A console of its own, in its own database, beside the tests': settings decide at the start.

    Yields its address and a connection to its database.
    """
    name = f"{connection.settings_dict['NAME']}_sso"
    with _connect("postgres") as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            variables = {
                "AGENTSITE_DATA": str(folder),
                "DATABASE_URL": _database_url(name),
                "CACHE_URL": "locmemcache://",
                "OIDC_ISSUER": provider.issuer,
                "OIDC_CLIENT_ID": CLIENT["client_id"],
                "OIDC_CLIENT_SECRET": CLIENT["client_secret"],
                "OIDC_NAME": "Acme <ID>",
                **more,
            }
            served = _served({**os.environ, **variables}, folder / "web.log")
            with served as address, _connect(name) as database:
                database.execute("SET agentsite.may_truncate = 'on'")
                yield address, database
        finally:
            server.execute(drop)


@contextmanager
def _served(environment: dict[str, str], log: Path):
    def run(*words: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=environment, text=True, **options
        )

    assert run("manage.py", "migrate", "-v", "0").wait() == 0
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as listener:
        os.set_inheritable(listener.fileno(), True)
        fd = str(listener.fileno())
        with log.open("w") as errors:
            web = run("-m", "agentsite.web", "--fd", fd, stderr=errors, pass_fds=[int(fd)])
        try:
            yield f"http://127.0.0.1:{listener.server_port}"
        finally:
            web.terminate()
            web.wait()
