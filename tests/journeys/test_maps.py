"""Maps on a small screen: what they are labelled with can be read."""

from __future__ import annotations

import pytest

from tests.journeys.test_finding import PHONE, reader

pytestmark = pytest.mark.browser

# The labels that cover another one, and the height of the smallest letters in pixels.
LABELS = """() => {
  const box = (one) => one.getBoundingClientRect();
  const shown = [...document.querySelectorAll("figure svg text")].filter((one) => box(one).width);
  const named = shown.filter((one) => one.querySelector("tspan"));
  const cover = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const covers = (one, at) => named.slice(0, at).some((other) => cover(box(one), box(other)));
  const height = (one) => one.ownerSVGElement.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize);
  return {
    labels: named.length,
    covered: named.filter(covers).map((one) => one.textContent),
    smallest: Math.min(...shown.map(height)),
  };
}"""


@pytest.mark.parametrize("path", ["/map", "/map?q=housing", "/es/map?place=hartford", "/reports/coverage"])
def test_names_of_regions_on_a_phone_are_large_enough_and_cover_no_other(browser, reading_site, path):
    with reader(browser, reading_site, **PHONE) as page:
        page.goto(path)
        held = page.evaluate(LABELS)

    assert held["labels"] >= 8
    assert held["covered"] == []
    assert held["smallest"] >= 11
