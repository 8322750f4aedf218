"""Pictures of the pages: `make screenshots` fills screenshots/, and docs/images/ for README and documents.

`make screenshots ARGS="workspace 360-dark"` takes those of some groups and looks only; the groups are
public, steps, senders and workspace.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default as email_policy
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
ORGANIZATION = "/organizations/ywca-greenwich"
SHEET = "/referral-sheet?program=national-human-trafficking-hotline&program=ywca-greenwich-harmony-project"
PUBLIC = {
    "home": "/",
    "results": "/programs?q=shelter+hartford",
    "results-chosen": "/programs?category=housing&category=legal-assistance&place=New+Haven",
    "results-filters": "/programs?category=housing&open=now#filters",
    "nothing-found": "/programs?q=xyzzy",
    "map": "/map?q=shelter",
    "program": PROGRAM,
    "program-confidential": "/programs/ywca-greenwich-harmony-project",
    "organization": ORGANIZATION,
    "sheet": SHEET,
    "sheet-discreet": f"{SHEET}&discreet=1",
    "sheet-empty": "/referral-sheet",
    "submit": "/submit",
    "submit-organization": "/submit/organization",
    "change": f"{PROGRAM}/changes/new",
    "change-organization": f"{ORGANIZATION}/changes/new",
    "problem": f"{PROGRAM}/problems/new",
    "lost-link": "/submissions/link",
    "about": "/about",
    "privacy": "/privacy",
    "safety": "/safety",
    "glossary": "/glossary",
    "accessibility": "/accessibility",
    "inclusion-policy": "/inclusion-policy",
    "data": "/data",
    "reports": "/reports",
    "coverage": "/reports/coverage",
    "demand": "/reports/demand",
    "posters": "/posters",
    "indicators": "/council/indicators",
    "coverage-county": "/reports/coverage?value=housing&inside=county/tolland",
    "freshness": "/reports/freshness",
    "annual-list": "/reports/annual",
    "annual": "/reports/annual/1",
    "search-box": "/data/search-box",
    "council": "/council",
    "council-meetings": "/council/meetings",
    "council-meeting": "/council/meetings/2014-04-16",
    "council-document": "/council/documents/minutes-2014-02-11",
    "council-documents": "/council/documents?q=minutes+2014",
    "council-reports": "/council/reports",
    "council-guides": "/council/guides",
    "council-members": "/council/members",
    "council-acts": "/council/acts",
    "council-found": "/programs?q=annual+report+2008",
    "missing": "/no-such-page",
    "sign-in": "/sign-in",
    "home-es": "/es/",
    "results-es": "/es/programs?q=refugio",
    "map-es": "/es/map",
    "program-es": f"/es{PROGRAM}",
    "sheet-es": f"/es{SHEET}",
    "safety-es": "/es/safety",
    "council-es": "/es/council",
}
WORKSPACE = {
    "overview": "/workspace",
    "queue": "/workspace/queue",
    "queue-chosen": "/workspace/queue?kind=new&category=housing",
    "queue-asked": "/workspace/queue?state=changes_requested",
    "workspace-programs": "/workspace/programs?q=hotline",
    "workspace-program": f"/workspace{PROGRAM}",
    "workspace-edit": f"/workspace{PROGRAM}/edit",
    "workspace-merge": f"/workspace{PROGRAM}/merge",
    "workspace-new": "/workspace/programs/new",
    "workspace-organizations": "/workspace/organizations",
    "workspace-organization": f"/workspace{ORGANIZATION}",
    "workspace-organization-merge": f"/workspace{ORGANIZATION}/merge?into=interval-house",
    "workspace-organization-edit": f"/workspace{ORGANIZATION}/edit",
    "numbers": "/workspace/numbers",
    "number": "/workspace/numbers/+18883737888",
    "policy": "/workspace/policy",
    "words": "/workspace/search-words",
    "terms": "/workspace/words",
    "term": "/workspace/words/category/housing",
    "audit": "/workspace/audit",
    "verification": "/workspace/verification",
    "verification-organization": f"/workspace/verification{ORGANIZATION}",
    "verification-calls": "/workspace/verification/calls",
    "account": "/workspace/account",
    "app": "/workspace/account/app",
    "passkeys": "/workspace/account/passkeys",
    "password": "/workspace/account/password",
    "recovery-codes": "/workspace/account/recovery-codes",
    "sessions": "/workspace/sessions",
    "prove": "/workspace/prove",
    "accounts": "/workspace/accounts",
    "person": "/workspace/accounts/1",
    "imports": "/workspace/imports",
    "yearly-report": "/workspace/reports",
    "council-desk": "/workspace/council",
    "council-new-meeting": "/workspace/council/meetings/new",
    "council-edit-meeting": "/workspace/council/meetings/1",
    "council-edit-document": "/workspace/council/documents/1",
    "council-edit-act": "/workspace/council/acts/1",
    "hsds-check": "/workspace/hsds-check",
    "patterns": "/workspace/patterns",
}
# Pages that something has to happen for first: `prepare` and `take_steps` lead there.
LED_TO = {
    "submissions.show": "status",
    "submissions.edit": "submit-later",
    "submissions.step": "submit-first",
    "submissions.check": "submit-check",
    "moderation.review": "review",
}
MAILED_WITHIN = 120.0  # seconds
LOOKS = {
    f"{width}-{scheme}": {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    for width, scheme in product((360, 1280), ("light", "dark"))
}
# What README and docs show, in the light look of a wide screen, cut to one screen.
SHOWN = ("results", "program", "map", "overview", "queue", "review", "verify", "status")
GROUPS = ("public", "steps", "senders", "workspace")
KEEPER = "/workspace/verification/organizations/ywca-greenwich"


@dataclass(frozen=True)
class Prepared:
    """What happened before the pictures: where the sender, and where the contact who is asked, look at it."""

    status: str
    verify: str


def main(wanted: Sequence[str] = ()) -> None:
    """Serve a freshly seeded catalog and take a picture of each page in each look.

    `wanted` names some groups (`workspace`) and looks (`1280-light`) if not all are to be taken.
    """
    groups = [group for group in GROUPS if group in wanted] or GROUPS
    looks = [look for look in LOOKS if look in wanted] or LOOKS
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    IMAGES.mkdir(parents=True, exist_ok=True)
    command = [Path(sys.executable).parent / "services-dir"]
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder) / "home"
        with serving(command, home) as address:
            prepared = prepare(browser, address, home)
            names = [
                f"{name}-{look}"
                for look, options in LOOKS.items()
                if look in looks
                for name in take_all(browser, address, look, options, prepared, groups)
            ]
    sys.stdout.write(f"{len(names)} pictures are in {FOLDER}\n")


def prepare(browser: Browser, address: str, home: Path) -> Prepared:
    """Let something happen that pages can show: two proposals, one of them answered, a round, a report."""
    with watched_page(browser, address) as sender, watched_page(browser, address) as coordinator:
        sign_in_by_link(coordinator, first_link(home.with_suffix(".log")))
        propose(sender, "Made-up Harbor House")
        status = propose(sender)
        open_review(coordinator)
        decide(coordinator, "request_changes", note="Which days is it open?")
        ask_by_mail(coordinator)
        publish_report(coordinator)
        return Prepared(status, mailed_link(home / "outbox"))


def ask_by_mail(coordinator: Page) -> None:
    """Give an organization of the seed a made-up contact and ask whether its programs are right."""
    coordinator.goto(KEEPER)
    coordinator.get_by_text("Add a contact").first.click()
    coordinator.locator("[name=name]").first.fill("Robin Made-up")
    coordinator.locator("[name=email]").first.fill("robin@example.org")
    press(coordinator, "Save the contact")
    press(coordinator, "Ask by mail")


def publish_report(coordinator: Page) -> None:
    """Publish the report of this year."""
    coordinator.goto("/workspace/reports")
    press(coordinator, coordinator.locator("form[action^='/workspace/reports'] button").inner_text())


def mailed_link(outbox: Path) -> str:
    """Give the path that a mail about verification leads to, once it is written."""
    until = time.monotonic() + MAILED_WITHIN
    while time.monotonic() < until:
        for file in outbox.glob("*.eml"):
            mail = BytesParser(policy=email_policy).parsebytes(file.read_bytes())
            body = mail.get_body(("plain",))
            found = re.search(r"/verify/\S+", body.get_content() if body is not None else "")
            if found:
                return found.group()
        time.sleep(1)
    raise AssertionError("no mail asks anybody")


def take_all(
    browser: Browser, address: str, look: str, options: dict, prepared: Prepared, groups: Sequence[str]
) -> Iterator[str]:
    """Take the pictures of one look and give their names."""
    with watched_page(browser, address, **options) as page:
        if "public" in groups:
            yield from take_pages(page, look, PUBLIC)
        if "steps" in groups:
            yield from take_steps(page, look)
        if "senders" in groups:
            yield from take_pages(page, look, {"status": prepared.status, "verify": prepared.verify})
        if "workspace" in groups:
            sign_in(page)
            yield from take_pages(page, look, WORKSPACE)
            open_review(page, "Made-up Harbor House")
            yield take(page, "review", look)


def take_pages(page: Page, look: str, pages: Mapping[str, str]) -> Iterator[str]:
    """Take the picture of each page, by its name and address."""
    for name, path in pages.items():
        page.goto(path)
        yield take(page, name, look)


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
    main(sys.argv[1:])
