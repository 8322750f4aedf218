"""How old a confirmation may be before pages say so and results show a program lower: a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services_dir import policy
from services_dir.values import months_later


@dataclass(frozen=True)
class Freshness:
    """Months since the last confirmation; those of places to stay and hotlines, where errors harm most.

    `lower` is for results: after it a program stands behind those that were confirmed since.
    """

    usual: int = 12
    grave: int = 7
    lower: int = 15

    def is_overdue(self, assured_on: date | None, today: date, *, is_grave: bool = False) -> bool:
        """Tell whether a program's details were not confirmed for too long, or never."""
        months = self.grave if is_grave else self.usual
        return assured_on is None or today > months_later(assured_on, months)


DEFAULT = Freshness()
# The settings of the policy, by what they decide here.
KEYS = {"usual": "stale_months", "grave": "stale_months_grave", "lower": "lower_months"}


def get_freshness(session: Session) -> Freshness:
    """Give what administrators decided, in one statement."""
    chosen = policy.get_all(session)
    return Freshness(**{name: chosen[key] for name, key in KEYS.items()})
