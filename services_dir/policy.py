"""What administrators decide: limits and deadlines, with defaults, bounds and a record of each change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services_dir import audit
from services_dir.db import Base
from services_dir.errors import N_, InvalidError


class PolicySetting(Base):
    """A value that differs from its default."""

    __tablename__ = "policy_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[str] = mapped_column(Text)  # JSON
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


@dataclass(frozen=True)
class Setting:
    """A whole number that an administrator may change within bounds."""

    key: str
    label: str
    default: int
    least: int
    most: int

    def checked(self, value: object) -> int:
        """Give the value back. Raises InvalidError if it is not a whole number within the bounds."""
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise InvalidError(
                N_("This needs a whole number from {least} to {most}."), least=self.least, most=self.most
            )
        return value


# What belongs together stands together on the page, under these headings.
GROUPS: dict[str, tuple[Setting, ...]] = {
    N_("Sessions"): (
        Setting("session_idle_minutes", N_("Minutes without a click until a session ends"), 60, 5, 1440),
        Setting("session_absolute_hours", N_("Hours until a session ends in any case"), 12, 1, 168),
        Setting(
            "proof_minutes", N_("Minutes after which grave deeds ask for the password again"), 15, 5, 720
        ),
    ),
    N_("Reading what is sent in"): (
        Setting("review_days_change", N_("Days in which a change should be reviewed"), 3, 1, 90),
        Setting("review_days_new", N_("Days in which a new program should be reviewed"), 7, 1, 90),
        Setting(
            "silence_days",
            N_("Days without an answer of the sender after which we close what waits for it"),
            60,
            14,
            365,
        ),
        Setting("claim_hours", N_("Hours for which a coordinator keeps a submission to read"), 4, 1, 72),
        Setting(
            "approve_alone",
            N_("The only account may approve what needs somebody else (0 no, 1 yes)"),
            0,
            0,
            1,
        ),
    ),
    N_("Confirming programs"): (
        Setting("verify_months", N_("Months after which a program should be confirmed again"), 10, 1, 24),
        Setting(
            "verify_months_grave",
            N_("Months after which a place to stay or a hotline should be confirmed again"),
            5,
            1,
            24,
        ),
        Setting(
            "stale_months",
            N_("Months after which the page of a program says “Not confirmed since”"),
            12,
            1,
            60,
        ),
        Setting(
            "stale_months_grave",
            N_("Months after which the page of a place to stay or a hotline says so"),
            7,
            1,
            60,
        ),
        Setting(
            "lower_months",
            N_("Months after which results show a program that nobody confirmed lower"),
            15,
            1,
            120,
        ),
        Setting("verify_new_per_week", N_("Never confirmed: organizations asked in a week"), 10, 0, 500),
        Setting("calls_per_day", N_("Organizations on the call list of a day"), 15, 1, 200),
    ),
    N_("Limits against floods"): (
        Setting("api_requests_per_minute", N_("API requests a minute from one address"), 1200, 10, 100_000),
        Setting("submissions_per_hour", N_("Forms sent in an hour from one address"), 30, 1, 10_000),
        Setting("links_per_hour", N_("Private links mailed in an hour to one person"), 5, 1, 100),
        Setting("sheets_per_hour", N_("PDF sheets in an hour from one address"), 300, 1, 100_000),
    ),
}

SETTINGS: dict[str, Setting] = {setting.key: setting for group in GROUPS.values() for setting in group}


def get(session: Session, key: str) -> int:
    """Give the value of a setting: the one chosen, else its default. Raises KeyError for an unknown key."""
    setting = SETTINGS[key]
    chosen = session.scalar(select(PolicySetting.value).where(PolicySetting.key == key))
    return setting.default if chosen is None else setting.checked(msgspec.json.decode(chosen))


def get_all(session: Session) -> dict[str, int]:
    """Give every setting with its value, in one statement."""
    chosen = dict(session.execute(select(PolicySetting.key, PolicySetting.value)).all())
    return {
        key: setting.checked(msgspec.json.decode(chosen[key])) if key in chosen else setting.default
        for key, setting in SETTINGS.items()
    }


def change(session: Session, key: str, value: object, *, by: int | None, at: datetime) -> None:
    """Choose another value. Raises InvalidError for an unknown key or a value outside its bounds."""
    if key not in SETTINGS:
        raise InvalidError(N_("There is no such setting."))
    text = msgspec.json.encode(SETTINGS[key].checked(value)).decode()
    row = session.scalar(select(PolicySetting).where(PolicySetting.key == key).with_for_update())
    if row is None:
        row = PolicySetting(key=key)
        session.add(row)
    row.value, row.changed_at, row.changed_by = text, at, by
    session.flush()
    audit.record(session, "policy.changed", kind="policy", subject=row.id, by=by, at=at, fields=[key])
