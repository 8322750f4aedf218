"""Accounts with a second factor, mail that waits to be sent, drafts of senders, and what coordinators keep."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _accounts()
    _mail()
    _submissions()
    _moderation()


def _accounts() -> None:
    pass


def _mail() -> None:
    pass


def _submissions() -> None:
    pass


def _moderation() -> None:
    pass
