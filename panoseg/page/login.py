"""Who may see the page: everybody, whoever signs in, or certain addresses (OpenID Connect).

Where visitors sign in stands in the section [auth] of Streamlit's secrets; docs/hosting.md has an example.
"""

import sys
from collections.abc import Sequence

import streamlit as st

from panoseg import events
from panoseg.page.markdown import plain
from panoseg.settings import settings

_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")


def let_in() -> bool:
    """Whether this visitor may see the page; else it says how to get there."""
    wanted = settings().login
    if not wanted:
        return True
    if not st.user.is_logged_in:
        st.markdown("# panoseg")
        st.markdown("This page is for people who have signed in.")
        st.button("Sign in", on_click=st.login, type="primary")
        return False
    address, verified = st.user.get("email"), st.user.get("email_verified")
    if isinstance(wanted, bool) or is_welcome(wanted, address, verified):
        return True
    events.note("refused", reason="address")
    st.markdown("# panoseg")
    st.markdown(f"This page is not for {plain(str(address or 'an account without an address'))}.")
    st.button("Sign out", on_click=st.logout)
    return False


def is_welcome(wanted: Sequence[str], address: object, verified: object) -> bool:
    """Whether that address is among those, or of one of their domains, and really this visitor's.

    Args:
        wanted: as of `Settings.login`.
        address: as the provider has it.
        verified: the provider's word on whether the visitor can read its mail; None where it has none.

    >>> is_welcome(["@example.org"], "Me@Example.org", True)
    True
    """
    if not isinstance(address, str) or address.count("@") != 1 or verified is False:
        return False
    address = address.lower()
    return address in wanted or "@" + address.partition("@")[2] in wanted


def check_login_or_exit() -> None:
    """For a server: where visitors are to sign in, one must know where."""
    if not settings().login:
        return
    try:
        auth = st.secrets.get("auth", {})
        missing = [name for name in _NEEDED if not auth.get(name)]
    except FileNotFoundError:
        missing = list(_NEEDED)
    if missing:
        text = f"PANOSEG_LOGIN: the section [auth] of Streamlit's secrets.toml lacks {', '.join(missing)}."
        print(f"panoseg: {text}", file=sys.stderr)
        sys.exit(2)
