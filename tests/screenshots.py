"""Pictures of the pages: `make screenshots` fills screenshots/, and docs/images/ for the README."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support.browsers import chromium, watched_page
from tests.support.deeds import (
    decide,
    first_link,
    open_review,
    press,
    propose,
    sign_in,
    sign_in_by_link,
    write,
)
from tests.support.serving import serving

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "screenshots"
IMAGES = ROOT / "docs" / "images"

PROGRAM = "/programs/national-human-trafficking-hotline"
PUBLIC = {
    "home": "/",
    "results": "/programs?q=shelter+hartford",
    "results-chosen": "/programs?category=housing&category=legal-assistance&place=New+Haven",
    "nothing-found": "/programs?q=xyzzy",
    "program": PROGRAM,
    "program-confidential": "/programs/ywca-greenwich-harmony-project",
    "organization": "/organizations/ywca-greenwich",
    "submit": "/submit",
    "change": f"{PROGRAM}/changes/new",
    "problem": f"{PROGRAM}/problems/new",
    "lost-link": "/submissions/link",
    "about": "/about",
    "privacy": "/privacy",
    "safety": "/safety",
    "missing": "/no-such-page",
    "sign-in": "/sign-in",
    "home-es": "/es/",
    "results-es": "/es/programs?q=refugio",
    "program-es": f"/es{PROGRAM}",
}
WORKSPACE = {
    "overview": "/workspace",
    "queue": "/workspace/queue",
    "workspace-programs": "/workspace/programs?q=hotline",
    "workspace-program": f"/workspace{PROGRAM}",
    "workspace-organization": "/workspace/organizations/ywca-greenwich",
    "numbers": "/workspace/numbers",
    "policy": "/workspace/policy",
    "words": "/workspace/search-words",
    "terms": "/workspace/words",
    "term": "/workspace/words/category/housing",
    "audit": "/workspace/audit",
    "verification": "/workspace/verification",
    "verification-organization": "/workspace/verification/organizations/ywca-greenwich",
    "verification-calls": "/workspace/verification/calls",
    "account": "/workspace/account",
    "passkeys": "/workspace/account/passkeys",
    "accounts": "/workspace/accounts",
}
LOOKS = {
    f"{width}-{scheme}": {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    for width, scheme in product((360, 1280), ("light", "dark"))
}
# What README and docs show, in the light look of a wide screen, cut to one screen.
SHOWN = ("results", "program", "review")


def main() -> None:
    """Serve a freshly seeded catalog and take a picture of each page in each look."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    IMAGES.mkdir(parents=True, exist_ok=True)
    command = [Path(sys.executable).parent / "services-dir"]
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder) / "home"
        with serving(command, home) as address:
            status = prepare(browser, address, home.with_suffix(".log"))
            pages = PUBLIC | {"status": status}
            names = [
                f"{name}-{look}"
                for look, options in LOOKS.items()
                for name in take_all(browser, address, look, options, pages)
            ]
    sys.stdout.write(f"{len(names)} pictures are in {FOLDER}\n")


def prepare(browser: Browser, address: str, log: Path) -> str:
    """Let something happen that pages can show: two proposals, one of them answered; give its page."""
    with watched_page(browser, address) as sender, watched_page(browser, address) as coordinator:
        sign_in_by_link(coordinator, first_link(log))
        propose(sender, "Made-up Harbor House")
        status = propose(sender)
        open_review(coordinator)
        decide(coordinator, "request_changes", note="Which days is it open?")
    return status


def take_all(
    browser: Browser, address: str, look: str, options: dict, pages: dict[str, str]
) -> Iterator[str]:
    """Take the pictures of one look and give their names."""
    with watched_page(browser, address, **options) as page:
        for name, path in pages.items():
            page.goto(path)
            yield take(page, name, look)
        yield from take_steps(page, look)
        sign_in(page)
        for name, path in WORKSPACE.items():
            page.goto(path)
            yield take(page, name, look)
        open_review(page, "Made-up Harbor House")
        yield take(page, "review", look)


def take_steps(page: Page, look: str) -> Iterator[str]:
    """Take a picture of each step of the form, first empty with its mistakes, and of what is checked last."""
    page.goto("/submit")
    press(page, "Start")
    yield take(page, "submit-first", look)
    press(page, "Next")
    yield take(page, "submit-mistakes", look)
    own = page.url.partition("/edit")[0]
    for step in ("help", "who", "reach", "where", "hours", "asks", "more", "you"):
        page.goto(f"{own}/edit/{step}")
        yield take(page, f"submit-{step}", look)
    page.goto(own)
    yield take(page, "submit-later", look)
    page.goto(write(page))
    yield take(page, "submit-check", look)


def take(page: Page, name: str, look: str) -> str:
    """Write the picture of a page."""
    page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)
    if name in SHOWN and look == "1280-light":
        page.screenshot(path=IMAGES / f"{name}.png")
    return name


if __name__ == "__main__":
    main()
