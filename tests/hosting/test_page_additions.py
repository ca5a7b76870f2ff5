"""A style sheet and a script in the page itself: at its end, wherever the page is answered."""

import pytest

from panoseg.errors import InvalidValueError
from panoseg.hosting.page_additions import PageAdditions
from tests.hosting.asgi import ask

PAGE = b"<html><head><style>p { color: red }</style></head><body><p>\xc3\xa9</p></body></html>"
CSS = "p { color: blue }\n"
SCRIPT = "let a = 1;\n"


def answering(body=PAGE, kind="text/html; charset=utf-8", status=200, heard=None):
    """Answers with that, in two pieces."""

    async def app(scope, receive, send):
        if heard is not None:
            heard.update(scope["headers"])
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"etag", b'"1"'),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": body[9:]})

    return app


def open_page(app, **headers):
    return ask(PageAdditions(app, css=CSS, script=SCRIPT), accept="text/html,*/*", **headers)


def test_they_stand_at_the_end_of_the_page():
    answer = open_page(answering())
    assert answer.body == PAGE.replace(
        b"</body>", b"<style>\np { color: blue }\n</style>\n<script>let a = 1;\n</script>\n</body>"
    )
    assert answer.headers["content-length"] == str(len(answer.body))
    assert "etag" not in answer.headers  # which names the page without them


def test_a_browser_that_has_the_page_is_sent_it_whole_again():
    heard = {}
    open_page(
        answering(heard=heard),
        if_none_match='"1"',
        if_modified_since="yesterday",
        accept_encoding="gzip",
        range="bytes=0-9",
    )
    assert set(heard) == {b"host", b"accept"}


@pytest.mark.parametrize(
    ("kind", "status"), [("text/javascript", 200), ("text/html", 404), ("text/html", 304)]
)
def test_other_answers_stay_as_they_are(kind, status):
    answer = open_page(answering(kind=kind, status=status))
    assert (answer.body, answer.headers["etag"]) == (PAGE, '"1"')


def test_what_is_no_page_is_not_even_looked_at():
    heard = {}
    answer = ask(
        PageAdditions(answering(heard=heard), css=CSS, script=SCRIPT), accept="*/*", if_none_match='"1"'
    )
    assert answer.body == PAGE
    assert b"if-none-match" in heard


@pytest.mark.parametrize("text", ["/* </style><script> */", "/* </script> */"])
def test_neither_can_end_its_element(text):
    for css, script in ((text, ""), ("", text)):
        with pytest.raises(InvalidValueError):
            PageAdditions(answering(), css=css, script=script)
