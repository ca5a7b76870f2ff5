"""The worker that merges, under Node."""

from pathlib import Path

from tests.page.viewer.test_modules import node

HERE = Path(__file__).parent


def test_the_service_and_its_client():
    node("--test", *sorted(HERE.glob("*.test.mjs")))
