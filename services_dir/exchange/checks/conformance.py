"""What an API of HSDS 3.x must do, check by check; each gives sentences about what it does otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services_dir.errors import N_, InvalidError
from services_dir.exchange.checks.asking import Asker
from services_dir.exchange.checks.looking import Api, Check, NotOfferedError, WrongAnswerError
from services_dir.exchange.checks.of_filters import check_filters, check_full, check_places, check_taxonomies
from services_dir.exchange.checks.of_lists import (
    check_envelopes,
    check_records,
    check_root,
    check_unknown_ids,
    check_walks,
)
from services_dir.exchange.checks.of_manners import (
    check_description,
    check_headers,
    check_lines,
    check_posts,
    check_secrets,
    check_values,
)
from services_dir.values import Labelled

_MOST_REASONS = 8


class Outcome(Labelled):
    """How a check ended."""

    HOLDS = "holds", N_("Holds")
    FAILS = "fails", N_("Fails")
    LEFT_OUT = "left out", N_("Not offered")


@dataclass(frozen=True)
class Finding:
    """One check: its number in the list, what it looks at, how it ended and why."""

    number: int
    title: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()


CHECKS: tuple[tuple[str, Check], ...] = (
    (N_("The root names version, profile and description"), check_root),
    (N_("Lists come in their envelope, and its counts are right"), check_envelopes),
    (N_("All pages together give each record once"), check_walks),
    (N_("Records are valid, in lists and by their ids"), check_records),
    (N_("Unknown and malformed ids are answered with 404"), check_unknown_ids),
    (N_("Filters narrow each other; modified_after includes its moment"), check_filters),
    (N_("Full lists hold what belongs to a record, and are valid"), check_full),
    (N_("An unknown postcode finds nothing"), check_places),
    (N_("Terms and their taxonomies can be looked up"), check_taxonomies),
    (N_("A list by POST is that by GET"), check_posts),
    (N_("ndjson gives one valid record a line"), check_lines),
    (N_("Other websites may read it; no cookie; answers can be kept"), check_headers),
    (N_("The description names what is required"), check_description),
    (N_("No null, no empty address, ids are UUIDs"), check_values),
    (N_("Places without a public address tell nothing of it"), check_secrets),
)


def check(ask: Asker) -> Iterator[Finding]:
    """Run all checks one after the other and give what each found, at most eight reasons for one.

    What an API does wrong never ends the run. Raises InvalidError if it does not answer at all.
    """
    api = Api(ask)
    for number, (title, deed) in enumerate(CHECKS, start=1):
        reasons: dict[str, None] = {}
        try:
            for reason in deed(api):
                reasons[reason] = None
                if len(reasons) == _MOST_REASONS:
                    break
        except NotOfferedError as left_out:
            if not reasons:
                yield Finding(number, title, Outcome.LEFT_OUT, (str(left_out),))
                continue
        except InvalidError as error:
            if number == 1:
                raise
            reasons[str(error)] = None
        except WrongAnswerError as error:
            reasons[str(error)] = None
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            # An answer of another shape than any that was thought of.
            reasons[f"an answer has an unexpected shape: {error!r}"] = None
        yield Finding(number, title, Outcome.FAILS if reasons else Outcome.HOLDS, tuple(reasons))
