"""The report of an evaluation, opened as a file in a browser that has no network."""

import numpy as np
import pytest

from panoseg import Thresholds
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.evaluation.report import write_report
from panoseg.evaluation.two_runs import compare_evaluations
from tests.evaluation.worlds import random_prediction, random_truth, write_annotation, write_run

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    rng = np.random.default_rng(6)
    truths = {f"{HOSTILE[:4]}{n}.jpg": random_truth(rng, size=(64, 96)) for n in range(4)}
    categories = [
        {"id": 11, "name": "sky", "isthing": 0},
        {"id": 12, "name": HOSTILE, "isthing": 0},
        {"id": 1, "name": "person", "isthing": 1},
        {"id": 2, "name": "ball", "isthing": 1},
    ]
    annotations = read_annotations(write_annotation(folder, truths, categories))
    predictions = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    others = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    low = Thresholds(score=0.5)
    with write_run(folder / "run", predictions) as run, write_run(folder / "other", others) as other:
        found = evaluate_run(run, annotations, low, sweep_masks=(0.5, 0.3))
        comparison = compare_evaluations(evaluate_run(other, annotations, low), found)
        write_report(folder / "out", found, run, annotations, comparison=comparison, other=other)
    return folder / "out" / "report.html"


@pytest.fixture(params=[1280, 390], ids=["laptop", "phone"])
def page(chromium, report, request):
    context = chromium.new_context(viewport={"width": request.param, "height": 844}, offline=True)
    opened = context.new_page()
    problems, requests = [], []
    opened.on("console", lambda message: problems.append(message.text))
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", lambda asked: requests.append(asked.url))
    opened.goto(report.as_uri())
    opened.locator("h1").wait_for()
    yield opened
    assert problems == []
    assert all(url.startswith(("file:", "data:")) for url in requests)
    context.close()


def test_it_fits_and_marks_speak(page):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert page.locator("section h2").count() >= 6
    page.locator(".bars .bar").first.hover()
    assert "mended, PQ would be" in page.locator("#tip").inner_text()
    page.locator("svg[aria-label^='PQ by score'] rect").nth(7).focus()
    assert "overlap" in page.locator("#tip").inner_text()
    assert page.locator("figure img").first.evaluate("image => image.naturalWidth") > 0
    only = page.locator(".only tbody tr").all_inner_texts()
    assert any("(there: " in row for row in only)
    page.get_by_text("What makes this report again").click()
    made_of = page.locator(".made-of").inner_text()
    for each in ("sha256 of the annotation", "score 0.5", "numpy"):
        assert each in made_of
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_headings_sort_and_names_are_text(page):
    names = page.locator("tbody tr td:first-child")
    page.get_by_role("button", name="Class", exact=True).click()
    assert names.all_inner_texts()[0].startswith("<img src=x")
    page.get_by_role("button", name="Found", exact=True).click()
    found = [int(text) for text in page.locator("tbody tr td:nth-child(5)").all_inner_texts()[:4]]
    assert found == sorted(found, reverse=True)
    assert page.locator("img[src='x']").count() == 0
