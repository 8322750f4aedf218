"""The Council's library: duties, acts, people, meetings, documents, files in pieces, words of pages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _law()
    _people()
    _meetings()
    _files()
    _documents()


def _law() -> None:
    op.create_table(
        "council_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_duty")),
        sa.UniqueConstraint("number", name=op.f("uq_council_duty_number")),
    )
    op.create_table(
        "council_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("source_url", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_act")),
    )


def _people() -> None:
    op.create_table(
        "council_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
    )
    op.create_table(
        "council_committee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_committee")),
    )
    op.create_table(
        "council_committee_member",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["council_committee.id"],
            name=op.f("fk_council_committee_member_committee_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["council_member.id"],
            name=op.f("fk_council_committee_member_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("committee_id", "member_id", name=op.f("pk_council_committee_member")),
    )


def _meetings() -> None:
    op.create_table(
        "council_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("listed_as", sa.String(length=80), nullable=True),
        sa.Column("is_canceled", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_meeting")),
        sa.UniqueConstraint("slug", name=op.f("uq_council_meeting_slug")),
        sa.UniqueConstraint("uuid", name=op.f("uq_council_meeting_uuid")),
    )
    op.create_index(op.f("ix_council_meeting_held_on"), "council_meeting", ["held_on"], unique=False)


def _files() -> None:
    op.create_table(
        "council_file",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("reading", sa.String(length=30), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_council_file")),
    )
    op.create_table(
        "council_piece",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["council_file.digest"], name=op.f("fk_council_piece_digest")),
        sa.PrimaryKeyConstraint("digest", "number", name=op.f("pk_council_piece")),
    )
    op.create_table(
        "council_page",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["council_file.digest"], name=op.f("fk_council_page_digest")),
        sa.PrimaryKeyConstraint("digest", "number", name=op.f("pk_council_page")),
    )


def _documents() -> None:
    op.create_table(
        "council_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("approval", sa.String(length=30), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["council_file.digest"], name=op.f("fk_council_document_digest")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["council_meeting.id"], name=op.f("fk_council_document_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_document")),
        sa.UniqueConstraint("slug", name=op.f("uq_council_document_slug")),
    )
    op.create_index(op.f("ix_council_document_digest"), "council_document", ["digest"], unique=False)
    op.create_index(op.f("ix_council_document_meeting_id"), "council_document", ["meeting_id"], unique=False)
    op.create_table(
        "council_word",
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["council_document.id"],
            name=op.f("fk_council_word_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "document_id", "page", name=op.f("pk_council_word")),
    )
    op.create_index("ix_council_word_document", "council_word", ["document_id"], unique=False)
