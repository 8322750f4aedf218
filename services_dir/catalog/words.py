"""Public values in words: what is said of hours, areas, ages, languages, dates and confirmations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, time
from functools import lru_cache
from itertools import groupby

from babel import dates
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape
from msgspec import Struct

from services_dir.catalog.freshness import Freshness
from services_dir.catalog.kinds import AssuranceMethod, Availability, DatePrecision, Day, PlaceKind
from services_dir.catalog.public import (
    PublicArea,
    PublicAsOf,
    PublicAssurance,
    PublicException,
    PublicHours,
    PublicInterval,
    PublicPlace,
    PublicProgram,
)
from services_dir.web.languages import SOURCE_LANGUAGE
from services_dir.web.phrases import in_this_language

_DAY = 24 * 60
# Words that say no more than that somebody is there round the clock.
_ALWAYS = re.compile(
    r"24 hours(,? a day)?(, (every day|7 days( a week)?|365 days a year))?\.?", re.IGNORECASE
)


class Words(Struct, frozen=True):
    """A text of the catalog as shown, and its language if that is not the language of the page."""

    text: str
    lang: str | None = None

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        """Give the text as markup, marked with its language where that is another."""
        if self.lang is None:
            return escape(self.text)
        return Markup('<span lang="{}">{}</span>').format(self.lang, self.text)

    @property
    def paragraphs(self) -> tuple[Words, ...]:
        """Give each line that says something."""
        return tuple(Words(line, self.lang) for line in self.text.split("\n") if line.strip())


def said(text: str | None, language: str, written_in: str = SOURCE_LANGUAGE) -> Words | None:
    """Give a text of the catalog for a page in a language; None if there is none.

    What is made of phrases that many listings share is said in the page's own language.
    """
    if not text:
        return None
    if written_in == language:
        return Words(text)
    shared = in_this_language(text) if written_in == SOURCE_LANGUAGE else None
    return Words(shared) if shared is not None else Words(text, written_in)


def named(name: str, language: str) -> Words:
    """Give a name as it is, told apart from the language of a page that is not in English."""
    return Words(name, None if language == SOURCE_LANGUAGE else SOURCE_LANGUAGE)


def program_text(program: PublicProgram, field: str, language: str) -> Words | None:
    """Give a text of a program in the page's language, else the English one, marked as English."""
    if language in program.texts and (own := getattr(program.texts[language], field)):
        return Words(own)
    return said(getattr(program.texts[SOURCE_LANGUAGE], field), language)


def language_note(texts: Iterable[Words | None], translated_on: date | None, language: str) -> str | None:
    """Say when these texts were translated, and if some are in English; None on English pages."""
    foreign = [text.lang is not None for text in texts if text is not None]
    if language == SOURCE_LANGUAGE or not foreign:
        return None
    if all(foreign):
        return _("This text is in English.")
    sentences = [
        *(
            [_("This text was translated on %(date)s.", date=day_words(translated_on))]
            if translated_on
            else []
        ),
        *([_("Some of this text is in English.")] if any(foreign) else []),
    ]
    return " ".join(sentences) or None


def day_words(on: date) -> str:
    """Give a date in words, such as "November 21, 2026"."""
    return _day_words(on, str(get_locale()))


@lru_cache(maxsize=1 << 12)
def _day_words(on: date, locale: str) -> str:
    return dates.format_date(on, "long", locale=locale)


def as_of_words(as_of: PublicAsOf) -> str:
    """Give a date as exactly as it is known: a year, a month or a day."""
    if as_of.precision is DatePrecision.YEAR:
        return as_of.text
    if as_of.precision is DatePrecision.MONTH:
        month = date.fromisoformat(f"{as_of.text[:7]}-01")
        return dates.format_skeleton("yMMMM", month, locale=get_locale())
    return day_words(date.fromisoformat(as_of.text))


def hours_words(hours: PublicHours, language: str, today: date) -> tuple[Words, ...]:
    """Give the lines that tell when it is open.

    In English these are the words of the source. On other pages the times come first, said in the
    page's language, then the words as they are. Dates that are still to come follow.
    """
    original = said(hours.words, language)
    times = tuple(Words(line) for line in _weekly_lines(hours))
    if original is None:
        lines = times
    elif original.lang is None:
        lines = (original,)
    elif hours.round_the_clock and _ALWAYS.fullmatch(hours.words):
        lines = times
    else:
        lines = (*times, original)
    coming = (line for line in hours.exceptions if line.on >= today)
    return (*lines, *(words for line in coming for words in _exception(line, language)))


def place_words(place: PublicPlace) -> str:
    """Give a place's name so that its kind is clear: "Hartford County", "Statewide (Connecticut)"."""
    if place.kind is PlaceKind.NATION:
        return _("Nationwide")
    if place.kind is PlaceKind.STATE:
        return _("Statewide (%(state)s)", state=place.name)
    if place.kind is PlaceKind.COUNTY:
        return _("%(name)s County", name=place.name.removesuffix(" County"))
    if place.kind is PlaceKind.PLANNING_REGION:
        return _("%(name)s planning region", name=place.name)
    return place.name


def area_words(areas: Iterable[PublicArea]) -> tuple[str, ...]:
    """Give the names of the places served, each once."""
    return tuple(dict.fromkeys(place_words(area.place) for area in areas))


def age_words(least: int | None, most: int | None) -> str | None:
    """Give the ages served in words; None if nothing limits them."""
    if least is not None and most is not None:
        return _("Ages %(least)s to %(most)s", least=least, most=most)
    if least is not None:
        return _("Age %(least)s and older", least=least)
    return _("Up to age %(most)s", most=most) if most is not None else None


def availability_words(program: PublicProgram, today: date) -> str | None:
    """Say that a program has a waiting list, pauses or is closed; None while it takes people."""
    now = program.availability_on(today)
    if now is Availability.WAITING_LIST:
        return _("There is a waiting list.")
    if now is Availability.CLOSED:
        return _("It takes no new people.")
    if now is not Availability.PAUSED:
        return None
    if program.paused_until is None:
        return _("It takes no new people for now.")
    until = day_words(program.paused_until)
    return _("It takes no new people for now, up to and including %(date)s.", date=until)


def confirmed_words(
    assured: PublicAssurance | None, today: date, freshness: Freshness, *, is_grave: bool
) -> str:
    """Say when and how somebody confirmed a program, and what to do if nobody did or long ago."""
    if assured is None:
        return _("Not yet confirmed by a coordinator. Call before you go.")
    on = day_words(assured.on)
    if freshness.is_overdue(assured.on, today, is_grave=is_grave):
        return _("Not confirmed since %(date)s. Call before you go.", date=on)
    if assured.feed:
        return _("Confirmed by %(feed)s on %(date)s.", feed=assured.feed, date=on)
    if assured.method is AssuranceMethod.MAIL_LINK:
        return _("Confirmed by the provider on %(date)s.", date=on)
    return _("Confirmed on %(date)s, %(method)s.", date=on, method=_(assured.method.label))


def is_stale(assured: PublicAssurance | None, today: date, freshness: Freshness, *, is_grave: bool) -> bool:
    """Tell whether a program was confirmed once, and too long ago."""
    return assured is not None and freshness.is_overdue(assured.on, today, is_grave=is_grave)


def _weekly_lines(hours: PublicHours) -> Iterator[str]:
    if hours.round_the_clock:
        yield _("24 hours a day, every day")
        return
    days = {
        day: tuple((line.opens, line.closes) for line in lines)
        for day, lines in groupby(hours.intervals, key=_weekday)
    }
    run: list[int] = []
    for day in sorted(days):
        if run and (day != run[-1] + 1 or days[day] != days[run[-1]]):
            yield _line(run, days[run[0]], hours.zone)
            run = []
        run.append(day)
    if run:
        yield _line(run, days[run[0]], hours.zone)


def _weekday(interval: PublicInterval) -> int:
    return interval.weekday


def _line(run: list[int], spans: tuple[tuple[int, int], ...], zone: str) -> str:
    names = [_(list(Day)[day].label) for day in run]
    if len(names) == 7:
        days = _("Every day")
    elif len(names) > 2:
        days = _("%(first)s to %(last)s", first=names[0], last=names[-1])
    else:
        days = _(" and ").join(names)
    times = _(" and ").join(_span(opens, closes) for opens, closes in spans)
    zone_name = dates.get_timezone_name(zone, locale=get_locale(), zone_variant="generic")
    return _("%(days)s: %(times)s (%(zone)s)", days=days, times=times, zone=zone_name)


def _span(opens: int, closes: int) -> str:
    return _("%(opens)s to %(closes)s", opens=_clock(opens), closes=_clock(closes))


def _clock(minutes: int) -> str:
    minutes %= _DAY
    if minutes == 0:
        return _("midnight")
    if minutes == _DAY // 2:
        return _("noon")
    return dates.format_time(time(*divmod(minutes, 60)), "short", locale=get_locale())


def _exception(line: PublicException, language: str) -> Iterator[Words]:
    on = day_words(line.on)
    if line.opens is None or line.closes is None:
        yield Words(_("Closed on %(date)s", date=on))
    else:
        yield Words(_("On %(date)s: %(times)s", date=on, times=_span(line.opens, line.closes)))
    if (note := said(line.note, language)) is not None:
        yield note
