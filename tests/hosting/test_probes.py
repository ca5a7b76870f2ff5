"""What watchers of a server see."""

import re

from prometheus_client.openmetrics.parser import text_string_to_metric_families
from starlette.applications import Starlette

from panoseg.hosting import probes
from panoseg.hosting.figures import CountedAnswers, Figures, Now
from tests.hosting.asgi import ask, hello

TOKEN = "a token of 18 char"  # noqa: S105


def app(why="", figures=None, token=None, base=""):
    return Starlette(routes=probes.routes(lambda: why, figures, token, base))


def samples(figures):
    families = text_string_to_metric_families(figures.text().decode())
    return {
        (each.name, *sorted(each.labels.values())): each.value
        for family in families
        for each in family.samples
    }


def test_health_is_the_process_and_readiness_the_reason():
    for why, status in (("", 200), ("The first model is on its way.", 503)):
        assert ask(app(why), "/healthz").status == 200
        answer = ask(app(why), "/readyz")
        assert (answer.status, answer.body.decode().strip()) == (status, why or "ready")
        assert answer.headers["cache-control"] == "no-store"
    assert ask(app(base="/below"), "/below/healthz").status == 200
    assert ask(app(base="/below"), "/healthz").status == 404


def test_figures_are_for_those_who_know_the_token():
    figures = Figures(lambda: Now(0, 0, 0, 0))
    assert ask(app(), "/metrics").status == 404
    closed = app(figures=figures, token=TOKEN)
    for given in ({}, {"authorization": TOKEN}, {"authorization": "Bearer "}, {"authorization": "Bearer ä"}):
        answer = ask(closed, "/metrics", **given)
        assert answer.status == 401
        assert b"panoseg_" not in answer.body
    answer = ask(closed, "/metrics", authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.body.endswith(b"# EOF\n")


def test_events_are_counted_by_what_they_were():
    now = Now(sessions=3, waiting=2, cache_bytes=1000, models=1)
    figures = Figures(lambda: now)
    figures("photo", {"outcome": "ok", "seconds": 0.3})
    figures("photo", {"outcome": "PhotoError", "seconds": 0.2})
    figures("prediction", {"outcome": "CancelledError", "seconds": 1})
    figures("refused", {"reason": "sessions"})
    figures("request", {"status": "2xx"})
    figures("request", {"status": "2xx"})
    found = samples(figures)
    assert found["panoseg_sessions",] == 3
    assert found["panoseg_waiting",] == 2
    assert found["panoseg_cache_bytes",] == 1000
    assert found["panoseg_events_total", "ok", "photo"] == 1
    assert found["panoseg_events_total", "PhotoError", "photo"] == 1
    assert found["panoseg_refusals_total", "sessions"] == 1
    assert found["panoseg_requests_total", "2xx"] == 2
    assert found["panoseg_errors_total", "photo"] == 1
    assert ("panoseg_errors_total", "prediction") not in found  # nobody waited for it any more
    assert found["panoseg_stage_seconds_count", "photo"] == 2
    assert found["panoseg_stage_seconds_bucket", "0.25", "photo"] == 1


def test_answers_are_counted():
    from panoseg import events

    figures = Figures(lambda: Now(0, 0, 0, 0))
    events.listen(figures)
    try:
        ask(CountedAnswers(hello))
        ask(CountedAnswers(app("busy")), "/readyz")
        ask(CountedAnswers(hello), kind="websocket")
    finally:
        events.ignore(figures)
    found = samples(figures)
    for status in ("2xx", "5xx", "websocket"):
        assert found["panoseg_requests_total", status] == 1


def test_no_figure_has_a_label_that_a_visitor_chooses():
    figures = Figures(lambda: Now(0, 0, 0, 0))
    figures("photo", {"outcome": "ok", "session": "1234", "photo": "abcd", "seconds": 1})
    assert set(re.findall(r'(\w+)="', figures.text().decode())) <= {"event", "outcome", "stage", "le"}
