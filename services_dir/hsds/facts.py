"""What a program says that HSDS has no field for, as codes of the taxonomy of further facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from services_dir.catalog.kinds import AssuranceMethod, Known
from services_dir.catalog.public import PublicProgram

# A text of a program in another language: its field, and the code of the fact that holds it.
_TEXTS = {
    "name": "name",
    "description": "description",
    "eligibility": "eligibility",
    "how_to_apply": "how-to-apply",
    "cost": "cost",
    "alert": "alert",
}


def list_facts(program: PublicProgram, today: date) -> Iterable[tuple[str, str | None, str | None]]:
    """Give what HSDS has no field for: code, value, label."""
    yield "slug", program.slug, None
    yield "kind", program.kind.value, None
    for name in program.alternate_names[1:]:
        yield "alternate-name", name, None
    for name in program.former_names:
        yield "former-name", name, None
    for language, text in program.texts.items():
        yield "what-happens", text.what_happens, language
        if language == "en":
            continue
        for field, code in _TEXTS.items():
            is_over = code == "alert" and program.alert_on(today, language) is None
            yield code, None if is_over else getattr(text, field), language
        yield "translated-on", text.translated_on.isoformat() if text.translated_on else None, language
    if program.alert_on(today) is not None:
        yield "alert-until", program.alert_until.isoformat() if program.alert_until else None, None
    yield "population-note", program.population_note, None
    if program.has_interpreter is not None:
        yield "interpreter", (Known.YES if program.has_interpreter else Known.NO).value, None
    for code, known in (
        ("asks-immigration-status", program.asks_immigration_status),
        ("needs-police-report", program.needs_police_report),
        ("mandated-reporters", program.mandated_reporters),
    ):
        yield code, None if known is Known.UNKNOWN else known.value, None
    yield "run-by", program.run_by.value if program.run_by else None, None
    yield "availability", program.availability_on(today).value, None
    yield "paused-until", program.paused_until.isoformat() if program.paused_until else None, None
    yield "area-words", program.area_words, None
    yield "partners", program.partners_note, None
    yield "as-of", program.as_of.text if program.as_of else None, None
    for source in program.sources:
        yield "source", source.url, source.title
        yield "source-as-of", source.as_of.text if source.as_of else None, source.url
    if program.assured is not None:
        yield "assured-by", program.assured.method.value, program.assured.role or program.assured.feed
        if program.assured.method is AssuranceMethod.FEED:
            yield "assured-on", program.assured.on.isoformat(), None
