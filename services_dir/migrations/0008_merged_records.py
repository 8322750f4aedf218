"""Which program or organization a merged one leads to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a foreign key: SQLite would copy the whole table for one, and records are never deleted.
    for table in ("program", "organization"):
        op.add_column(table, sa.Column("merged_into_id", sa.Integer(), nullable=True))
