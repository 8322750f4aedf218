"""Pictures of the pages, to look at: `make screenshots` writes them to screenshots/."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.support.browsers import chromium, watched_page
from tests.support.serving import serving

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"

PAGES = {
    "home": "/",
    "results": "/programs?q=shelter+hartford",
    "results-chosen": "/programs?category=housing&category=legal-assistance&place=New+Haven",
    "nothing-found": "/programs?q=xyzzy",
    "program": None,
    "submit": "/submit",
    "about": "/about",
    "safety": "/safety",
    "missing": "/no-such-page",
    "sign-in": "/sign-in",
    "home-es": "/es/",
    "results-es": "/es/programs?q=refugio",
}
LOOKS = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


def main() -> None:
    """Serve a freshly seeded catalog and take a picture of each page in each look."""
    FOLDER.mkdir(exist_ok=True)
    command = [Path(sys.executable).parent / "services-dir"]
    with (
        tempfile.TemporaryDirectory() as home,
        serving(command, Path(home) / "home") as address,
        chromium() as browser,
    ):
        for look, options in LOOKS.items():
            with watched_page(browser, address, **options) as page:
                for name, path in PAGES.items():
                    if path is None:
                        page.goto(PAGES["results"])
                        path = page.locator("article[data-program] a").first.get_attribute("href")
                    page.goto(path)
                    page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)
    print(f"{len(PAGES) * len(LOOKS)} pictures are in {FOLDER}")


if __name__ == "__main__":
    main()
