"""The closed lists of the catalog: each value with the words people read."""

from __future__ import annotations

from services_dir.errors import N_
from services_dir.values import Labelled


class ProgramKind(Labelled):
    """Whether a record is a program or a right that a law gives."""

    PROGRAM = "program", N_("Program")
    LEGAL_RIGHT = "legal-right", N_("Legal right")


class Level(Labelled):
    """Who runs a program: the federal government, or how far a body reaches.

    Agencies of a state and private bodies that serve all of it share one level.
    """

    FEDERAL = "federal", N_("Federal government")
    NATIONAL = "national", N_("National organization")
    STATE = "state", N_("State or statewide")
    REGIONAL = "regional", N_("Regional")
    LOCAL = "local", N_("Local")


class Access(Labelled):
    """How a program can be reached, derived from its facts."""

    PHONE = "phone", N_("By phone")
    TEXT = "text", N_("By text message")
    EMAIL = "email", N_("By e-mail")
    IN_PERSON = "in-person", N_("In person")
    ROUND_THE_CLOCK = "round-the-clock", N_("Round the clock")
    FREE = "free", N_("Free")


class Known(Labelled):
    """An answer that may be unknown; unknown is shown as unknown."""

    YES = "yes", N_("Yes")
    NO = "no", N_("No")
    UNKNOWN = "unknown", N_("Not known")


class RunBy(Labelled):
    """Kinds of authority that a person may want to know about before she calls."""

    POLICE = "police", N_("The police")
    IMMIGRATION = "immigration", N_("An immigration agency")
    FOREIGN_GOVERNMENT = "foreign-government", N_("A foreign government")
    NONE = "none", N_("None of these")


class Availability(Labelled):
    """Whether a program takes people at present."""

    OPEN = "open", N_("Takes new people")
    WAITING_LIST = "waiting-list", N_("Waiting list")
    PAUSED = "paused", N_("Paused")
    CLOSED = "closed", N_("Closed")


class CatalogStatus(Labelled):
    """Whether a record is in the public catalog."""

    PUBLISHED = "published", N_("Published")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class PhoneKind(Labelled):
    """What a number is for; HSDS names most of these."""

    VOICE = "voice", N_("Phone")
    HOTLINE = "hotline", N_("Hotline")
    TEXT = "text", N_("Text")
    TTY = "tty", N_("TTY")
    RELAY = "relay", N_("Relay")
    FAX = "fax", N_("Fax")
    WHATSAPP = "whatsapp", N_("WhatsApp")


class Visibility(Labelled):
    """Whether a location's address may be known, or only the area around it."""

    PUBLIC = "public", N_("Public address")
    AREA_ONLY = "area_only", N_("Confidential address")


class Precision(Labelled):
    """What a point stands for."""

    EXACT = "exact", N_("The building")
    TOWN = "town", N_("The town")


class DatePrecision(Labelled):
    """How exactly a date is known."""

    YEAR = "year", N_("Year")
    MONTH = "month", N_("Month")
    DAY = "day", N_("Day")


class PlaceKind(Labelled):
    """Kinds of places; a named area is a set of towns without an official border."""

    NATION = "nation", N_("Nation")
    STATE = "state", N_("State")
    COUNTY = "county", N_("County")
    PLANNING_REGION = "planning_region", N_("Planning region")
    NAMED_AREA = "named_area", N_("Area")
    TOWN = "town", N_("Town")
    VILLAGE = "village", N_("Village")
    ZIP = "zip", N_("ZIP code")


class AssuranceMethod(Labelled):
    """How somebody checked that the details are right."""

    PHONE = "phone", N_("by phone")
    MAIL_LINK = "mail-link", N_("by a link sent by mail")
    WEB = "web", N_("on the program's own website")
    VISIT = "visit", N_("by a visit")
    FEED = "feed", N_("by a partner's feed")


class Day(Labelled):
    """Days of the week as RFC 5545 writes them, Monday first."""

    MONDAY = "MO", N_("Monday")
    TUESDAY = "TU", N_("Tuesday")
    WEDNESDAY = "WE", N_("Wednesday")
    THURSDAY = "TH", N_("Thursday")
    FRIDAY = "FR", N_("Friday")
    SATURDAY = "SA", N_("Saturday")
    SUNDAY = "SU", N_("Sunday")


class Vocabulary(Labelled):
    """Lists of terms that an administrator can extend. Named areas are places."""

    CATEGORY = "category", N_("Kind of help")
    POPULATION = "population", N_("Who it is for")
    LEVEL = "level", N_("Who runs it")
    ACCESS = "access", N_("How to reach it")


class WordKind(Labelled):
    """Words people type that stand for other words."""

    MISSPELLING = "misspelling", N_("Misspelling")
    ABBREVIATION = "abbreviation", N_("Abbreviation")
    SYNONYM = "synonym", N_("Other word")


class ChangeKind(Labelled):
    """What happened to the catalog, for those who follow it."""

    PUBLISH = "publish", N_("Published")
    WITHDRAW = "withdraw", N_("Withdrawn")
    HIDE_PLACE = "hide-place", N_("Address removed")
    VOCABULARY = "vocabulary", N_("Words changed")
    WORDS = "words", N_("Words of searches changed")  # nothing is indexed again for them
