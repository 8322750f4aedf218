"""Routes of the coordinators' organizations: find one, propose, edit, see its programs and versions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.draft import Draft
from services_dir.db import db
from services_dir.errors import N_
from services_dir.moderation import operations, queries
from services_dir.moderation.pages import OrganizationPage, OrganizationsPage
from services_dir.moderation.views.editing import EditForm, receive_draft, show_draft
from services_dir.moderation.views.parts import NUMBER, bp, check_button, page_number, reviewer
from services_dir.submissions.forms import Origin
from services_dir.submissions.models import Subject, SubmissionKind
from services_dir.submissions.operations import open_submission
from services_dir.submissions.pages import Words
from services_dir.submissions.publishing import publishing
from services_dir.submissions.queries import Listing, get_listing, get_organization_version
from services_dir.submissions.showing import read_number
from services_dir.values import without_controls


@bp.get("/workspace/organizations")
@requires(Permission.REVIEW)
def organizations() -> ResponseReturnValue:
    """List organizations by name."""
    q = without_controls(request.args.get("q", ""))[:200].strip()
    page = OrganizationsPage(
        title=_("Organizations"),
        q=q,
        lines=queries.list_organizations(db.session, q=q, page=page_number()),
        address=lambda n: url_for("moderation.organizations", q=q or None, page=n),
    )
    return render_template("moderation/organizations.html", page=page)


@bp.get("/workspace/organizations/<slug>")
@requires(Permission.REVIEW)
def organization(slug: str) -> ResponseReturnValue:
    """Show an organization, its programs and its versions, two of them compared if the address names them."""
    page = OrganizationPage.build(
        db.session,
        queries.get_organization(db.session, slug),
        older=read_number(request.args.get("from")),
        newer=read_number(request.args.get("to")),
    )
    return render_template("moderation/organization.html", page=page)


@bp.post(f"/workspace/organizations/<slug>/versions/<{NUMBER}:number>")
@requires(Permission.REVIEW)
def publish_organization_version(slug: str, number: int) -> ResponseReturnValue:
    """Publish an earlier version of an organization again, as a new one."""
    check_button()
    with publishing() as session:
        record = queries.get_organization(session, slug)
        session.refresh(record, with_for_update=True)
        operations.publish_organization_version(session, record, number, by=account().id, at=clock.now())
    flash(N_("The earlier version is published again, as a new version."))
    return redirect(url_for("moderation.organization", slug=slug), code=303)


@bp.post("/workspace/organizations/<slug>/withdraw")
@requires(Permission.REVIEW)
def withdraw_organization(slug: str) -> ResponseReturnValue:
    """Take an organization and all its programs out of the catalog at once."""
    check_button()
    with publishing() as session:
        record = queries.get_organization(session, slug)
        operations.withdraw_organization(session, record, by=account().id, at=clock.now())
    flash(N_("The organization and its programs are withdrawn. Nobody finds them any more."))
    return redirect(url_for("moderation.organization", slug=slug), code=303)


@bp.get("/workspace/organizations/<slug>/edit")
@requires(Permission.REVIEW)
def edit_organization(slug: str) -> ResponseReturnValue:
    """Show the form of a published organization."""
    listing = get_listing(db.session, Subject.ORGANIZATION, slug)
    return show_draft(Origin(listing.draft), _edit(listing), seen_version=listing.version)


@bp.post("/workspace/organizations/<slug>/edit")
@requires(Permission.REVIEW)
def propose_organization_change(slug: str) -> ResponseReturnValue:
    """Put a coordinator's own change into the queue."""
    listing = get_listing(db.session, Subject.ORGANIZATION, slug)
    number = min(read_number(request.form.get("seen_version")) or listing.version, listing.version)
    draft = get_organization_version(db.session, listing.id, number)

    def send(session: Session, changed: Draft, form: EditForm) -> str:
        submission = open_submission(
            session,
            changed,
            reviewer(),
            kind=SubmissionKind.CHANGE,
            at=clock.now(),
            base_version=number,
            message=form.message.data or "",
        )
        return url_for("moderation.review", submission_id=submission.id)

    return receive_draft(Origin(draft), _edit(listing), send)


def _edit(listing: Listing) -> Words:
    return Words(
        _("Edit %(name)s", name=listing.name),
        _("Your change waits in the queue like every other."),
        _("Put it into the queue"),
        title=_("Edit an organization"),
    )
