"""Reading a page with care: valid HTML, one heading, a label on every field, nothing inline or foreign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as SENTENCES

_LABELLED_BY_THEMSELVES = {"hidden", "submit", "button", "reset", "image"}
_LOADED = (("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"))
_REFERENCES = (
    "for",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "list",
    "form",
    "aria-errormessage",
)


def text_of(element: Element) -> str:
    """Give the text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())


@dataclass(frozen=True)
class Form:
    """A form as it came: where it leads, and what is filled in, each field with a list of values."""

    action: str | None
    values: dict[str, list[str]]


@dataclass(frozen=True)
class Markup:
    """A page or a fragment as a browser would read it."""

    source: str

    @cached_property
    def _parser(self) -> html5lib.HTMLParser:
        tree = html5lib.getTreeBuilder("etree")
        return html5lib.HTMLParser(tree=tree, namespaceHTMLElements=False)

    @cached_property
    def root(self) -> Element:
        """The html element."""
        return self._parser.parse(self.source)

    def all(self, tag: str, **attributes: str | None) -> list[Element]:
        """Give the elements with this tag ("*" for any) and these attributes; None means "has it at all".

        Write `class_` and `for_`, and `_` for `-`: `all("article", data_program="north-house")`.
        """
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [element for element in self.root.iter() if _fits(element, tag, wanted)]

    def one(self, tag: str, **attributes: str | None) -> Element:
        """Give the only such element; a page without it, or with two, fails the test."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}, not one"
        return found[0]

    def texts(self, tag: str, **attributes: str | None) -> list[str]:
        """Give the texts of such elements."""
        return [text_of(element) for element in self.all(tag, **attributes)]

    @property
    def text(self) -> str:
        """The text of the body."""
        return text_of(self.one("body"))

    @property
    def title(self) -> str:
        """The title of the page."""
        return text_of(self.one("title"))

    @property
    def heading(self) -> str:
        """The one h1."""
        return text_of(self.one("h1"))

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return [link.get("href", "") for link in self.all("a", href=None)]

    def form(self, action: str | None = None) -> Form:
        """Give the form that posts to an address, or the only one that posts, filled in as it came."""
        forms = [form for form in self.all("form") if (form.get("method") or "get").lower() == "post"]
        if action is not None:
            forms = [form for form in forms if form.get("action") == action]
        assert len(forms) == 1, f"{len(forms)} forms post to {action or 'anywhere'}, not one"
        return Form(forms[0].get("action"), dict(_filled_in(forms[0])))

    def faults(self) -> Iterator[str]:
        """Give a sentence for everything wrong with the page."""
        yield from self._faults_of_form()
        if self.all("h1").__len__() != 1:
            yield f"{len(self.all('h1'))} h1 elements: {self.texts('h1')}"
        if not self.all("title") or not self.title:
            yield "no title"
        if not self.root.get("lang"):
            yield "the html element has no lang"
        if len(self.all("main")) != 1:
            yield f"{len(self.all('main'))} main elements"
        yield from self._faults_of_references()
        yield from self._faults_of_fields()
        yield from self._faults_of_style()
        yield from self._faults_of_links()

    def _faults_of_form(self) -> Iterator[str]:
        _ = self.root
        for (line, column), code, values in self._parser.errors:
            yield f"line {line}, column {column}: {SENTENCES.get(code, code) % values}"

    def _faults_of_references(self) -> Iterator[str]:
        ids = Counter(element.get("id") for element in self.all("*", id=None))
        for name, number in ids.items():
            if number > 1:
                yield f"{number} elements have the id {name!r}"
        for attribute in _REFERENCES:
            for element in self.all("*", **{attribute.replace("-", "_"): None}):
                for name in (element.get(attribute) or "").split():
                    if name not in ids:
                        yield f"{attribute}={name!r} names no element"
        for link in self.links:
            if link.startswith("#") and len(link) > 1 and link[1:] not in ids:
                yield f"a link leads to {link!r}, which is not on the page"

    def _faults_of_fields(self) -> Iterator[str]:
        labels = {label.get("for") for label in self.all("label", for_=None) if text_of(label)}
        wrapped = {id(field) for label in self.all("label") if text_of(label) for field in label.iter()}
        for field in (*self.all("input"), *self.all("select"), *self.all("textarea")):
            if field.get("type") in _LABELLED_BY_THEMSELVES or field.get("hidden") is not None:
                continue
            named = field.get("id") in labels or id(field) in wrapped
            if not (named or field.get("aria-label") or field.get("aria-labelledby")):
                yield f"the field {field.get('name')!r} has no label"
        for fieldset in self.all("fieldset"):
            if not any(child.tag == "legend" and text_of(child) for child in fieldset.iter()):
                yield "a fieldset has no legend"
        for button in self.all("button"):
            if not text_of(button) and not button.get("aria-label"):
                yield "a button says nothing"
        for image in self.all("img"):
            if image.get("alt") is None:
                yield f"the image {image.get('src')!r} has no alternative text"

    def _faults_of_style(self) -> Iterator[str]:
        if self.all("style"):
            yield "an inline style sheet"
        for element in self.root.iter():
            if not isinstance(element.tag, str):
                continue
            for attribute in element.attrib:
                if attribute == "style" or attribute.startswith("on"):
                    yield f"an inline {attribute} on {element.tag}"
        for script in self.all("script"):
            if script.get("src") is None and script.get("type") not in (
                "application/ld+json",
                "application/json",
            ):
                yield "an inline script"

    def _faults_of_links(self) -> Iterator[str]:
        for tag, attribute in _LOADED:
            for element in self.all(tag, **{attribute: None}):
                address = element.get(attribute) or ""
                is_reference = tag == "link" and element.get("rel") in ("alternate", "canonical")
                if not is_reference and urlsplit(address).netloc:
                    yield f"{tag} loads {address!r} from elsewhere"
        for link in self.all("a", href=None):
            if not text_of(link) and not link.get("aria-label"):
                yield f"the link to {link.get('href')!r} says nothing"
            if urlsplit(link.get("href") or "").scheme in ("http", "https") and "noreferrer" not in (
                link.get("rel") or ""
            ):
                yield f"the link to {link.get('href')!r} tells that site where the reader comes from"


def _filled_in(form: Element) -> Iterator[tuple[str, list[str]]]:
    values: dict[str, list[str]] = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type")
        if not name or field.get("disabled") is not None:
            continue
        if field.tag == "textarea":
            values.setdefault(name, []).append((field.text or "").removeprefix("\n"))
        elif field.tag == "select":
            options = list(field.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None]
            if not chosen and field.get("multiple") is None:
                chosen = options[:1]
            for option in chosen:
                values.setdefault(name, []).append(option.get("value", text_of(option)))
        elif field.tag == "input" and kind in ("checkbox", "radio"):
            if field.get("checked") is not None:
                values.setdefault(name, []).append(field.get("value", "on"))
        elif field.tag == "input" and kind not in ("submit", "button", "reset", "image", "file"):
            values.setdefault(name, []).append(field.get("value", ""))
    yield from values.items()


def _fits(element: Element, tag: str, attributes: dict[str, str | None]) -> bool:
    if not isinstance(element.tag, str) or (tag not in ("*", element.tag)):
        return False
    for name, value in attributes.items():
        actual = element.get(name)
        if actual is None:
            return False
        if value is not None and actual != value and not (name == "class" and value in actual.split()):
            return False
    return True
