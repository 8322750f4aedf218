"""Accounts with a second factor, mail that waits to be sent, drafts of senders, and what coordinators keep."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

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
    op.add_column("account", sa.Column("language", sa.String(length=3), nullable=True))
    op.add_column("signed_in", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signed_in", sa.Column("pending_secret", sa.String(length=200), nullable=True))
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"], unique=False)
    op.create_table(
        "used_challenge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_challenge")),
    )
    op.create_index(op.f("ix_used_challenge_used_at"), "used_challenge", ["used_at"], unique=False)


def _mail() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=30), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("uuid", name=op.f("uq_outgoing_mail_uuid")),
    )
    op.create_index("ix_outgoing_mail_next_try_at", "outgoing_mail", ["next_try_at"], unique=False)
    op.create_table(
        "due_work",
        sa.Column("job", sa.String(length=30), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_due_work")),
    )
    op.add_column("private_contact", sa.Column("recorded_by_id", sa.Integer(), nullable=True))
    op.create_table(
        "verification_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("is_trusted", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["private_contact.id"],
            name=op.f("fk_verification_round_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_verification_round_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["account.id"], name=op.f("fk_verification_round_started_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_round")),
    )
    op.create_index(
        op.f("ix_verification_round_organization_id"), "verification_round", ["organization_id"], unique=False
    )
    op.create_table(
        "verification_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["verification_round.id"],
            name=op.f("fk_verification_link_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_verification_link")),
    )
    op.create_index(op.f("ix_verification_link_round_id"), "verification_link", ["round_id"], unique=False)
    op.create_table(
        "verification_program",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_verification_program_program_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["verification_round.id"],
            name=op.f("fk_verification_program_round_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_verification_program_submission_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_program")),
        sa.UniqueConstraint(
            "round_id", "program_id", name=op.f("uq_verification_program_round_id_program_id")
        ),
    )
    op.create_index(
        op.f("ix_verification_program_program_id"), "verification_program", ["program_id"], unique=False
    )
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["by_account_id"], ["account.id"], name=op.f("fk_phone_call_by_account_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_phone_call_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
    )
    op.create_index(op.f("ix_phone_call_organization_id"), "phone_call", ["organization_id"], unique=False)


def _submissions() -> None:
    op.add_column("submission", sa.Column("submitter_role", sa.String(length=120), nullable=True))
    op.add_column("submission", sa.Column("contact_consent_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "form_draft",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("steps", sa.String(length=200), nullable=False),
        sa.Column("seen_revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_form_draft_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_form_draft")),
    )
    op.create_index(op.f("ix_form_draft_saved_at"), "form_draft", ["saved_at"], unique=False)
    op.create_table(
        "private_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_private_link_submission_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_private_link")),
    )
    op.create_index(op.f("ix_private_link_submission_id"), "private_link", ["submission_id"], unique=False)


def _moderation() -> None:
    op.add_column("submission", sa.Column("categories", sa.String(length=400), nullable=True))
    op.add_column("submission", sa.Column("regions", sa.String(length=400), nullable=True))
    op.create_index(
        "ix_submission_queue",
        "submission",
        ["state", "kind", "categories", "regions", "flags", "sent_at"],
        unique=False,
    )
    op.create_index(
        "ix_submission_state_claimed_until",
        "submission",
        ["state", "claimed_until", "claimed_by_id"],
        unique=False,
    )
    op.add_column("review", sa.Column("reason", sa.String(length=30), nullable=True))
    op.add_column("review", sa.Column("answered_by", sa.String(length=120), nullable=True))
    op.add_column("review", sa.Column("checked_on", sa.Date(), nullable=True))
    op.add_column("review", sa.Column("criteria", sa.Text(), nullable=True))
    op.create_table(
        "first_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_check", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_first_approval_account_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_first_approval_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_approval")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_first_approval_revision_id")),
    )
    op.create_index(op.f("ix_first_approval_account_id"), "first_approval", ["account_id"], unique=False)
    op.create_table(
        "submission_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_submission_note_account_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submission_note_submission_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_note")),
    )
    op.create_index(op.f("ix_submission_note_account_id"), "submission_note", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_submission_note_submission_id"), "submission_note", ["submission_id"], unique=False
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_filter_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_filter_account_id_name")),
    )
    _fill_queue()


def _fill_queue() -> None:
    """Note kinds of help and regions of what was sent before, so that filters of the queue find it."""
    connection = op.get_bind()
    regions = _regions(connection)
    newest = "SELECT max(number) FROM revision WHERE submission_id = submission.id"
    rows = connection.execute(
        sa.text(
            "SELECT submission.id, revision.document FROM submission"
            " JOIN revision ON revision.submission_id = submission.id"
            f" WHERE submission.subject = 'program' AND revision.number = ({newest})"
        )
    ).all()
    change = sa.text("UPDATE submission SET categories = :categories, regions = :regions WHERE id = :id")
    for id, document in rows:
        try:
            draft = json.loads(document)
        except ValueError:
            continue
        found = (region for place in _places(draft) for region in regions[place])
        values = {"categories": _joined(draft.get("categories", [])), "regions": _joined(found), "id": id}
        connection.execute(change, values)


def _regions(connection: sa.Connection) -> dict[str, set[str]]:
    """Give the regions of each place by its key: regions, states and the nation stand for themselves."""
    whole = "('planning_region', 'state', 'nation')"
    rows = connection.execute(
        sa.text(
            f"SELECT key, key FROM place WHERE kind IN {whole} UNION"
            " SELECT place.key, parent.key FROM place JOIN place_parent ON place_parent.place_id = place.id"
            " JOIN place AS parent ON parent.id = place_parent.parent_id"
            f" WHERE parent.kind = 'planning_region' AND place.kind NOT IN {whole}"
        )
    )
    regions: dict[str, set[str]] = defaultdict(set)
    for key, region in rows:
        regions[key].add(region)
    return regions


def _places(draft: dict[str, Any]) -> set[str]:
    sites = draft.get("sites", [])
    areas = [area for part in (draft, *sites) for area in part.get("service_areas", [])]
    named = {site[part] for site in sites for part in ("town", "region") if site.get(part)}
    return named | {area["place"] for area in areas}


def _joined(words: Iterable[str]) -> str | None:
    text = ""
    for word in sorted(set(words)):
        if len(text) + len(word) + 2 <= 400:
            text += f",{word}"
    return f"{text}," if text else None
