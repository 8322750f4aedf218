"""Demand: exact sums of the running month, and months that were closed; indicators: figures and imports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _demand()
    _indicators()


def _demand() -> None:
    op.create_table(
        "demand_running",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("breakdown", sa.String(length=30), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "breakdown", "value", name=op.f("pk_demand_running")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "demand_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_demand_month")),
    )
    op.create_table(
        "demand_kept",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("breakdown", sa.String(length=30), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "searches % 5 = 0 AND empty % 5 = 0 AND sheets % 5 = 0", name=op.f("ck_demand_kept_rounded")
        ),
        sa.CheckConstraint("searches + empty + sheets > 0", name=op.f("ck_demand_kept_not_nothing")),
        sa.ForeignKeyConstraint(["month"], ["demand_month.month"], name=op.f("fk_demand_kept_month")),
        sa.PrimaryKeyConstraint("month", "breakdown", "value", name=op.f("pk_demand_kept")),
    )


def _indicators() -> None:
    op.create_table(
        "indicator_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_indicator_import_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_import")),
    )
    op.create_table(
        "indicator_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=9), nullable=False),
        sa.Column("breakdown", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("source_title", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("source_as_of", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_indicator_figure_not_negative")),
        sa.CheckConstraint("length(source_title) > 0", name=op.f("ck_indicator_figure_has_source")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["indicator_import.id"], name=op.f("fk_indicator_figure_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_figure")),
        sa.UniqueConstraint(
            "series",
            "period",
            "breakdown",
            "part",
            name=op.f("uq_indicator_figure_series_period_breakdown_part"),
        ),
    )
