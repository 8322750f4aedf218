"""Whether this process lives, and whether it can answer: for load balancers and watchers."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from services_dir.accounts.guards import public
from services_dir.catalog import queries
from services_dir.db import db
from services_dir.web.logs import log_failure

bp = Blueprint("upkeep", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that this process lives."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether database and index can be used; why not is for the log, not for the answer."""
    try:
        queries.database_id(db.session)
        is_ready = current_app.extensions["search"].snapshot is not None
    except Exception as error:  # noqa: BLE001 - whatever stands in the way, the answer is "not ready"
        log_failure(error)
        is_ready = False
    if is_ready:
        return jsonify(status="ready")
    response: Response = jsonify(status="not ready")
    response.headers["Retry-After"] = "5"
    return response, 503
