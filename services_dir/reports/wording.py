"""Sentences that several reports say."""

from __future__ import annotations

from flask_babel import gettext as _


def gap_sentence(kind: str, where: str, state: int, nation: int) -> str:
    """Say what is missing where: “Interpreting: no program serves Windham in particular; 3 statewide.”."""
    far = []
    if state:
        far.append(_("%(num)s statewide", num=state))
    if nation:
        far.append(_("%(num)s nationwide", num=nation))
    return _(
        "%(kind)s: no program serves %(where)s in particular; %(far)s.",
        kind=kind,
        where=where,
        far=", ".join(far) or _("none from farther away"),
    )
