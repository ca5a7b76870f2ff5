"""Who may see the page, where visitors sign in: with a provider of the test's own."""

import pytest

from benchmarks.visitor import Visitor
from panoseg.page.login import is_welcome
from tests import event_loop
from tests.page.sign_in_server import CLIENT, SECRET, running_provider
from tests.page.test_hosting import free_port, running

WELCOME = "Me@example.org"


@pytest.fixture(scope="module")
def provider():
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("login")
    port = free_port()
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit/secrets.toml").write_text(
        f"""
        [auth]
        redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
        cookie_secret = "{"0123456789abcdef" * 4}"
        client_id = "{CLIENT}"
        client_secret = "{SECRET}"
        server_metadata_url = "{provider.url}/.well-known/openid-configuration"
        """
    )
    settings = {"PANOSEG_LOGIN": "me@example.org, @example.com", "PANOSEG_MODELS": "demo"}
    with running(folder, port=port, PANOSEG_LOG="json", **settings) as server:
        yield server


def signed_in(server, provider, **claims):
    """The page before somebody has signed in, and after; each as what is there to be seen."""
    provider.claims = claims

    async def visit():
        seen = []
        visitor = Visitor(server.address)
        try:
            await visitor.come()
            seen.append((visitor.has("viewer"), list(visitor.texts)))
            await visitor.press("Sign in")
            await visitor.follow_redirect()
            await visitor.come_again()
            seen.append((visitor.has("viewer"), list(visitor.texts)))
        finally:
            await visitor.leave()
        return seen

    return event_loop.run(visit())


@pytest.mark.parametrize("address", [WELCOME, "anybody@example.com"])
def test_who_is_welcome_sees_the_page_after_signing_in(server, provider, address):
    before = provider.signed_in
    stranger, guest = signed_in(server, provider, email=address, email_verified=True)
    assert stranger[0] is False
    assert "This page is for people who have signed in." in stranger[1]
    assert guest[0] is True
    assert provider.signed_in == before + 1
    assert address.lower() not in server.log.read_text().lower()


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "me@elsewhere.org", "email_verified": True},
        {"email": "me@example.org", "email_verified": False},
        {"email": "me@example.org@elsewhere.org"},
        {"email": "x@sub.example.com"},
        {},
    ],
)
def test_nobody_else_does(server, provider, claims):
    _, guest = signed_in(server, provider, **claims)
    assert guest[0] is False
    assert any("This page is not for" in text for text in guest[1])
    assert server.events("refused")[-1]["reason"] == "address"


def test_addresses_are_compared_whole():
    assert is_welcome(["me@example.org"], "ME@EXAMPLE.ORG", None)
    assert is_welcome(["@example.org"], "you@example.org", True)
    for address in ("me@example.org.evil.example", "me@notexample.org", "example.org", "@", "", None, 7):
        assert not is_welcome(["me@example.org", "@example.org"], address, True)
