"""The menus: features enter themselves (`app.py` calls `add`), layouts show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, current_app, request, url_for


class Menu(StrEnum):
    """Which menu an entry stands in."""

    MAIN = "main"
    ABOUT = "about"
    WORKSPACE = "workspace"
    OVERVIEW = "overview"  # of the workspace, too, but needed only now and then: at the foot of its overview
    PROGRAM = "program"  # what one can do about the program on the page
    ORGANIZATION = "organization"  # and about the organization


@dataclass(frozen=True)
class Entry:
    """A line of a menu: where it leads (an endpoint), its label marked by N_, its rank, for whom it is."""

    menu: Menu
    endpoint: str
    label: str
    order: int = 50
    is_shown: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Link:
    """An entry as shown: the label is still to be translated."""

    label: str
    address: str
    is_current: bool


def init_app(app: Flask) -> None:
    """Start with empty menus and give templates `navigation("main")`."""
    app.extensions["navigation"] = []
    app.add_template_global(navigation)


def add(app: Flask, *entries: Entry) -> None:
    """Put entries into their menus."""
    app.extensions["navigation"].extend(entries)


def navigation(menu: str, **values: Any) -> list[Link]:
    """Give the links of a menu, in their order; values fill in the addresses (`slug` of a program)."""
    entries: list[Entry] = [
        e for e in current_app.extensions["navigation"] if e.menu == menu and e.is_shown()
    ]
    return [
        Link(entry.label, url_for(entry.endpoint, **values), entry.endpoint == request.endpoint)
        for entry in sorted(entries, key=lambda entry: entry.order)
    ]
