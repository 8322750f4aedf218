"""Search once more, slowly and program by program, to hold the engine to."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from math import acos, cos, inf, log, radians, sin

from whoosh.util.numeric import length_to_byte

from services_dir.catalog.hours import openness
from services_dir.catalog.kinds import PlaceKind
from services_dir.catalog.public import PublicProgram
from services_dir.search import analyzer
from services_dir.search.codec import LENGTHS
from services_dir.search.document import SPELLED, make_document
from services_dir.search.lexicon import Lexicon
from services_dir.search.query import Facet, Reach, SearchQuery, Sort
from services_dir.search.spelling import Layer
from services_dir.search.tree import And, DisjunctionMax, Not, Or, Phrase, Term, Tree
from services_dir.search.words import Understood, read
from tests.support.programs import PLACES, WORDS

_REGIONS = (PlaceKind.COUNTY, PlaceKind.PLANNING_REGION, PlaceKind.NAMED_AREA)


class SlowSearch:
    """Programs, each looked at for every question."""

    def __init__(self, programs: list[PublicProgram]) -> None:
        self.programs = programs
        self.terms = {p.id: make_document(p, WORDS, PLACES).terms for p in programs}
        self.lexicon = Lexicon.of(
            (Layer.of(Counter(word for terms in self.terms.values() for word in terms[SPELLED])),),
            WORDS,
            PLACES,
            languages={spoken.code for p in programs for spoken in p.languages},
            areas={area.place.key for p in programs for area in p.all_areas},
        )

    def find(self, query: SearchQuery, at: datetime) -> list[str]:
        """Give the ids of all programs found, in their order."""
        by_words = self._found_by(read(query.q, self.lexicon))
        found = [p for p in self.programs if p.id in by_words and self._matches(p, query, at)]
        return [program.id for program in sorted(found, key=lambda p: self._order(p, query, at))]

    def _matches(self, program: PublicProgram, query: SearchQuery, at: datetime) -> bool:
        return (
            all(self._answers(program, facet, query.chosen(facet)) for facet in Facet)
            and (query.kind is None or program.kind is query.kind)
            and (not query.place or self._serves(program, query))
            and not (query.open_now and openness(program, at) is False)
            and not self._is_too_far(program, query)
        )

    def _found_by(self, words: Understood) -> set[str]:
        """Give those that hold all words; where none does, those that hold as many as any."""
        allowed = [
            p for p in self.programs if not any(self._value(tree, p) is not None for tree in words.unwanted)
        ]
        held = {p.id: sum(self._value(tree, p) is not None for tree in words.wanted) for p in allowed}
        most = max(held.values(), default=0)
        return {key for key, count in held.items() if count == most and (most or not words.wanted)}

    def _answers(self, program: PublicProgram, facet: Facet, chosen: tuple[str, ...]) -> bool:
        return not chosen or any(self._answers_option(program, facet, value) for value in chosen)

    def _answers_option(self, program: PublicProgram, facet: Facet, value: str) -> bool:
        if facet is Facet.CATEGORY:
            return any(value in WORDS.with_ancestors(category) for category in program.categories)
        if facet is Facet.POPULATION:
            is_for_all = "all-survivors" in program.populations and value not in program.populations_excluded
            return value in program.populations or is_for_all
        if facet is Facet.LANGUAGE:
            return self._speaks(program, value) or bool(program.has_interpreter)
        if facet is Facet.LEVEL:
            return program.level.value == value
        return value in [access.value for access in program.access]

    def _speaks(self, program: PublicProgram, code: str) -> bool:
        return code in [spoken.code for spoken in program.languages]

    def _serves(self, program: PublicProgram, query: SearchQuery) -> bool:
        tier = self._tier(program, query)
        return tier is not None and query.reach in (None, tier)

    def _tier(self, program: PublicProgram, query: SearchQuery) -> Reach | None:
        """Give the nearest kind of area by which a program has to do with the place asked for."""
        place = PLACES.find(query.place)
        tiers = {self._tier_of(area.place.key, place.key if place else None) for area in program.all_areas}
        return next((reach for reach in Reach if reach in tiers), None)

    def _tier_of(self, area: str, asked: str | None) -> Reach | None:
        kind = PLACES.places[area].kind
        if asked is None:
            return {PlaceKind.STATE: Reach.STATE, PlaceKind.NATION: Reach.NATION}.get(kind)
        mine = {lie.key for lie in PLACES.towns(asked)}
        own = {lie.key for lie in PLACES.towns(area)}
        if not mine & own:
            return None
        if PLACES.places[asked].kind in (*_REGIONS, PlaceKind.STATE, PlaceKind.NATION) and (
            area == asked or (kind in _REGIONS and len(mine & own) * 2 > len(own))
        ):
            return Reach.TOWN
        if kind in _REGIONS:
            return Reach.REGION
        return {PlaceKind.STATE: Reach.STATE, PlaceKind.NATION: Reach.NATION}.get(kind, Reach.TOWN)

    def _is_too_far(self, program: PublicProgram, query: SearchQuery) -> bool:
        return query.within is not None and query.within < self._miles(program, query) < inf

    def _miles(self, program: PublicProgram, query: SearchQuery) -> float:
        """Give the distance to the nearest public site by the law of cosines; infinite if there is none."""
        place = PLACES.find(query.place) if query.place else None
        start = PLACES.point(place.key) if place else None
        if start is None:
            return inf
        points = [
            (site.latitude, site.longitude) if site.latitude is not None else PLACES.point(site.town.key)
            for site in program.sites
            if site.is_public
        ]
        return min((_miles(start, point) for point in points), default=inf)

    def _order(self, program: PublicProgram, query: SearchQuery, at: datetime) -> tuple:
        has_start = self._has_start(query)
        name = (program.text().name.lower(), program.id)
        outer = (
            not self._is_exact(program, query.q),
            query.open_now and openness(program, at) is None,
            query.within is not None and has_start and not program.public_sites,
        )
        assured = program.assured.on if program.assured else None
        newest = -assured.toordinal() if assured else 0
        if query.sort is Sort.NAME:
            return (*outer, name)
        if query.sort is Sort.ASSURED:
            return (*outer, newest, name)
        if query.sort is Sort.DISTANCE and has_start:
            return (*outer, round(self._miles(program, query), 6), name)
        made_for = set(query.population) & set(program.populations)
        speaks = any(self._speaks(program, code) for code in query.language)
        tier = list(Reach).index(self._tier(program, query)) if query.place else 0
        return (
            *outer,
            bool(query.population) and not made_for,
            bool(query.language) and not speaks,
            tier,
            assured is not None and assured < _fifteen_months_before(at.date()),
            -round(self._score(program, query), 9) if read(query.q, self.lexicon).wanted else newest,
            name,
        )

    def _has_start(self, query: SearchQuery) -> bool:
        place = PLACES.find(query.place) if query.place else None
        return place is not None and PLACES.point(place.key) is not None

    def _is_exact(self, program: PublicProgram, q: str) -> bool:
        names = [text.name for text in program.texts.values()]
        names += [*program.alternate_names, *program.former_names]
        number = analyzer.typed_number(q)
        digits = [analyzer.national_digits(phone.number) for phone in program.all_phones]
        if number is not None:
            return any(number in (d, d[3:] if len(d) == 10 else d) for d in digits)
        return bool(q) and analyzer.terms(q) in [analyzer.terms(name) for name in names]

    def _score(self, program: PublicProgram, query: SearchQuery) -> float:
        """Give the sum over all that is wanted, and what adds to it."""
        words = read(query.q, self.lexicon)
        return sum(self._value(tree, program) or 0.0 for tree in (*words.wanted, *words.bonus))

    def _value(self, tree: Tree, program: PublicProgram) -> float | None:
        """Give the score of a tree in a program; None where it is not found."""
        if isinstance(tree, Term):
            return self._term_value(tree, program)
        if isinstance(tree, Phrase):
            held = self.terms[program.id][tree.field]
            starts = range(len(held) - len(tree.terms) + 1)
            if not any(held[at : at + len(tree.terms)] == tree.terms for at in starts):
                return None
            return tree.weight * sum(self._term_value(Term(tree.field, t), program) for t in tree.terms)
        wanted = [self._value(part, program) for part in tree.parts if not isinstance(part, Not)]
        unwanted = [self._value(part.part, program) for part in tree.parts if isinstance(part, Not)]
        found = [value for value in wanted if value is not None]
        if isinstance(tree, And):
            is_found = len(found) == len(wanted) and not any(value is not None for value in unwanted)
            return sum(found) if is_found else None
        combine = {Or: sum, DisjunctionMax: max}[type(tree)]
        return combine(found) if found else None

    def _term_value(self, term: Term, program: PublicProgram) -> float | None:
        """Give BM25 of a term in a field, times its weight."""
        size = len(self.programs) + 1  # the document that holds the state of the index counts as well
        mine = self.terms[program.id][term.field]
        count = Counter(mine)[term.text]
        if not count:
            return None
        holding = sum(term.text in terms[term.field] for terms in self.terms.values())
        average = sum(len(terms[term.field]) for terms in self.terms.values()) / size
        length = LENGTHS[length_to_byte(len(mine))]  # Whoosh keeps a length in one byte
        damping = count + 1.2 * (0.25 + 0.75 * length / average)
        return term.weight * (log(size / (holding + 1)) + 1) * count * 2.2 / damping


def _miles(one: tuple[float, float], other: tuple[float, float]) -> float:
    a, b, c, d = (radians(value) for value in (*one, *other))
    cosine = sin(a) * sin(c) + cos(a) * cos(c) * cos(d - b)
    return 3958.8 * acos(min(1.0, cosine))


def _fifteen_months_before(day: date) -> date:
    month = day.month - 3 if day.month > 3 else day.month + 9
    year = day.year - 1 if day.month > 3 else day.year - 2
    return date(year, month, min(day.day, 28))
