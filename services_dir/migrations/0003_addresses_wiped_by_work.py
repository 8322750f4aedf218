"""Which removed addresses have left the files, whom a claim was taken over from, an index of what is late."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was removed before is wiped once more: where it was done was known to each machine alone.
    op.add_column(
        "catalog_state", sa.Column("wiped_change", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_index(
        "ix_submission_state_kind_sent_at", "submission", ["state", "kind", "sent_at"], unique=False
    )
    op.add_column("submission", sa.Column("claimed_from_id", sa.Integer(), nullable=True))
