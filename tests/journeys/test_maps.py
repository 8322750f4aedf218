"""Maps on a small screen: what they are labelled with can be read."""

from __future__ import annotations

import pytest

from tests.journeys.test_finding import PHONE, reader

pytestmark = pytest.mark.browser

# The labels that cover another one, and the height of the smallest letters in pixels.
LABELS = """() => {
  const labels = [...document.querySelectorAll("figure svg text")].filter((one) => one.getBoundingClientRect().width);
  const named = labels.filter((one) => one.querySelector("tspan")).map((one) => [one.textContent, one.getBoundingClientRect()]);
  const cover = ([, a], [, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const scale = (one) => one.ownerSVGElement.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize);
  return {
    labels: named.length,
    covered: named.filter((one, at) => named.slice(0, at).some((other) => cover(one, other))).map(([text]) => text),
    smallest: Math.min(...labels.map(scale)),
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
