"""How long the head of a request may be, before anybody has seen it."""


def bound_heads() -> None:
    """Have servers that are made from now on read heads of at most 64 kB.

    Of uvicorn's two readers the fast one (httptools), which it takes where it is installed, keeps whatever a
    client sends until an empty line comes. The other one answers 400.
    """
    from uvicorn import config  # not before a server is wanted

    config.HTTP_PROTOCOLS["auto"] = config.HTTP_PROTOCOLS["h11"]
