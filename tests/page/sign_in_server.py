"""A provider of OpenID Connect of one's own, which signs in whoever comes as whom the test says.

As far as a client needs it (OpenID Connect Core 1.0, authorization code flow): its own description, an
authorization that asks nobody anything, tokens signed with RS256, and the key to check them.
"""

import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "panoseg", "a secret between two servers"


class Provider:
    """A running one.

    Attributes:
        url: of it.
        claims: what it says of whoever signs in, beside what the protocol needs.
        signed_in: how many tokens it has handed out.
    """

    def __init__(self, url):
        self.url = url
        self.key = RSAKey.generate_key(2048, parameters={"kid": "the key", "use": "sig", "alg": "RS256"})
        self.claims = {}
        self.nonces = {}
        self.signed_in = 0

    def description(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked):
        """Where to send the browser back to."""
        code = secrets.token_hex(8)
        self.nonces[code] = asked.get("nonce")
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given):
        """For a code, once."""
        nonce, now = self.nonces.pop(given["code"]), int(time.time())
        told = {"iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 600, "nonce": nonce}
        identity = jwt.encode({"alg": "RS256", "kid": "the key"}, {**told, **self.claims}, self.key)
        self.signed_in += 1
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": identity}


@contextmanager
def running_provider():
    """A provider on a free port of this machine, until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlsplit(self.path)
            if address.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(address.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif address.path == "/keys":
                self.answer({"keys": [provider.key.as_dict(private=False)]})
            else:
                self.answer(provider.description())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def answer(self, content):
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
