"""What coordinators do: claim, decide, undo, withdraw, merge, change a number, write notes.

Each deed is one transaction of the caller: the review, the version, the audit event and the catalog
change come together or not at all.
"""

from services_dir.moderation.operations.changing import change_number
from services_dir.moderation.operations.claiming import claim, claim_all, release
from services_dir.moderation.operations.deciding import answer_report, decide, followers, publish_directly
from services_dir.moderation.operations.importing import (
    Arrival,
    Published,
    publish_all_imported,
    publish_imported,
)
from services_dir.moderation.operations.lapsing import close_silent
from services_dir.moderation.operations.noting import add_note, drop_filter, save_filter
from services_dir.moderation.operations.restoring import (
    bring_up_to_date,
    publish_organization_version,
    publish_version,
    undo,
)
from services_dir.moderation.operations.withdrawing import (
    merge,
    merge_organizations,
    withdraw,
    withdraw_all,
    withdraw_organization,
)

__all__ = [
    "Arrival",
    "Published",
    "add_note",
    "answer_report",
    "bring_up_to_date",
    "change_number",
    "claim",
    "claim_all",
    "close_silent",
    "decide",
    "drop_filter",
    "followers",
    "merge",
    "merge_organizations",
    "publish_all_imported",
    "publish_directly",
    "publish_imported",
    "publish_organization_version",
    "publish_version",
    "release",
    "save_filter",
    "undo",
    "withdraw",
    "withdraw_all",
    "withdraw_organization",
]
