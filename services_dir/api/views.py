"""Routes of the API: HSDS 3.1 under `/hsds`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, make_response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services_dir import clock, policy, throttle
from services_dir.accounts.guards import public
from services_dir.api import openapi, queries
from services_dir.api.endpoints import ENDPOINTS
from services_dir.api.lists import Lists
from services_dir.api.parameters import ParameterError, Parameters
from services_dir.api.queries import Mark
from services_dir.db import db, transaction
from services_dir.errors import NotFoundError
from services_dir.hsds.objects import About, Problem, Publisher
from services_dir.search import engine
from services_dir.search.query import SearchQuery
from services_dir.web.context import settings
from services_dir.web.errors import sentence

bp = Blueprint("api", __name__, url_prefix="/hsds")

PROFILE = "https://docs.openreferral.org/en/3.1/hsds/"
_VERSION = "3.1"
_LINES = "application/x-ndjson"
_PARAMETERS = {endpoint.name: endpoint.parameters for endpoint in ENDPOINTS}


def api(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Let anyone ask, from any page, but not too often; answer 304 where nothing changed."""

    @public
    @wraps(view)
    def answered(*args: Any, **values: Any) -> ResponseReturnValue:
        if not _may_ask():
            return _problem(429, "That was very often in a short time. Please wait a little and try again.")
        mark = queries.read_mark(db.session)
        try:
            response = _not_modified(mark) or make_response(view(*args, **values))
        except ParameterError as error:
            return _problem(400, error.message, parameter=error.parameter, **error.values)
        except NotFoundError as error:
            return _problem(404, sentence(error))
        return _kept(response, mark)

    return answered


@bp.get("/")
@api
def root() -> ResponseReturnValue:
    """Say what this is."""
    about = About(
        version=_VERSION,
        profile=PROFILE,
        openapi_url=_address("api.description"),
        description="Services for victims of human trafficking. What is shown was reviewed by people.",
        publisher=Publisher(name="Trafficking in Persons Council", website=_address("site.home")),
    )
    return _json(about)


@bp.get("/openapi.json")
@api
def description() -> ResponseReturnValue:
    """Describe this API."""
    return _json(openapi.describe(_address("api.root").rstrip("/")))


@bp.route("/services", methods=["GET", "POST"])
@api
def services() -> ResponseReturnValue:
    """List services."""
    asked = _asked("services")
    return _list(asked, *_lists().services(asked, _found(asked)))


@bp.get("/services/<record_id>")
@api
def service(record_id: str) -> ResponseReturnValue:
    """Give a service in full."""
    return _json(_lists().service(_uuid(record_id)))


@bp.route("/organizations", methods=["GET", "POST"])
@api
def organizations() -> ResponseReturnValue:
    """List organizations."""
    asked = _asked("organizations")
    return _list(asked, *_lists().organizations(asked, _found(asked)))


@bp.get("/organizations/<record_id>")
@api
def organization(record_id: str) -> ResponseReturnValue:
    """Give an organization in full."""
    asked = Parameters.read(dict(request.args.lists()), ("full_service",))
    return _json(_lists().organization(_uuid(record_id), full_service=asked.full_service))


@bp.route("/service_at_locations", methods=["GET", "POST"])
@api
def service_at_locations() -> ResponseReturnValue:
    """List services at locations."""
    asked = _asked("service_at_locations")
    return _list(asked, *_lists().at_locations(asked, _found(asked)))


@bp.get("/service_at_locations/<record_id>")
@api
def service_at_location(record_id: str) -> ResponseReturnValue:
    """Give a service at a location in full."""
    return _json(_lists().at_location(_uuid(record_id)))


@bp.route("/taxonomies", methods=["GET", "POST"])
@api
def taxonomies() -> ResponseReturnValue:
    """List taxonomies."""
    asked = _asked("taxonomies")
    held = _lists().taxonomies(asked)
    return _list(asked, len(held), held if asked.is_stream else _cut(held, asked))


@bp.get("/taxonomies/<record_id>")
@api
def taxonomy(record_id: str) -> ResponseReturnValue:
    """Give a taxonomy."""
    return _json(_lists().taxonomy(_uuid(record_id)))


@bp.route("/taxonomy_terms", methods=["GET", "POST"])
@api
def taxonomy_terms() -> ResponseReturnValue:
    """List terms."""
    asked = _asked("taxonomy_terms")
    held = _lists().terms(asked)
    return _list(asked, len(held), held if asked.is_stream else _cut(held, asked))


@bp.get("/taxonomy_terms/<record_id>")
@api
def taxonomy_term(record_id: str) -> ResponseReturnValue:
    """Give a term."""
    return _json(_lists().term(_uuid(record_id)))


def _asked(name: str) -> Parameters:
    if request.method == "GET":
        return Parameters.read(dict(request.args.lists()), _PARAMETERS[name])
    if request.is_json:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise ParameterError("body", "This needs an object with the parameters.")
        return Parameters.read({key: [_text(value)] for key, value in body.items()}, _PARAMETERS[name])
    return Parameters.read(dict(request.form.lists()), _PARAMETERS[name])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _lists() -> Lists:
    return Lists.of(db.session, clock.now().date())


def _found(asked: Parameters) -> Sequence[str] | None:
    """Give the ids of services that the words find, best first; None if nothing is searched."""
    if not asked.search:
        return None
    query, _notices = SearchQuery.read({"q": [asked.search]})
    return engine.find_ids(query, at=clock.now())


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFoundError("There is no such record.") from None


def _list(asked: Parameters, total: int, records: Iterable[Any]) -> Response:
    """Give a page of records in its envelope, or all of them one a line."""
    if asked.is_stream:
        return Response(stream_with_context(_lines(records, db.session)), content_type=_LINES)
    contents = list(records)
    pages = -(-total // asked.per_page)
    page = openapi.Page(
        total_items=total,
        total_pages=pages,
        page_number=asked.page,
        size=len(contents),
        first_page=asked.page == 1,
        last_page=asked.page >= pages,
        empty=not contents,
    )
    return _json({**msgspec.structs.asdict(page), "contents": contents})


def _lines(records: Iterable[Any], session: Session) -> Iterator[bytes]:
    """Write one record a line; the connection is given back when the last is sent or the reader is gone."""
    try:
        for record in records:
            yield msgspec.json.encode(record) + b"\n"
    finally:
        session.close()


def _cut(held: Sequence[Any], asked: Parameters) -> Sequence[Any]:
    return held[asked.skipped : asked.skipped + asked.per_page]


def _json(content: object) -> Response:
    response = make_response(msgspec.json.encode(content))
    response.content_type = "application/json"
    return response


def _problem(status: int, detail: str, parameter: str | None = None, **values: Any) -> Response:
    titles = {400: "Parameter not understood", 404: "Not found", 429: "Too many requests"}
    problem = Problem(
        type="about:blank",
        title=titles[status],
        status=status,
        detail=detail.format(**values) if values else detail,
        parameter=parameter or msgspec.UNSET,
    )
    response = make_response(msgspec.json.encode(problem), status)
    response.content_type = "application/problem+json"
    response.headers["Access-Control-Allow-Origin"] = "*"
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _may_ask() -> bool:
    at = clock.now()
    with transaction() as writing:
        limit = policy.get(writing, "api_requests_per_minute")
        address = request.remote_addr or ""
        return throttle.allow(writing, "api", address, limit=limit, within=timedelta(minutes=1), at=at)


def _not_modified(mark: Mark) -> Response | None:
    if request.method != "GET":
        return None
    if request.if_none_match:
        return Response(status=304) if request.if_none_match.contains_weak(_etag(mark)) else None
    since = request.if_modified_since
    return Response(status=304) if since is not None and since >= _changed_at(mark) else None


def _kept(response: Response, mark: Mark) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
    if request.method == "GET":
        response.set_etag(_etag(mark), weak=True)
        response.last_modified = _changed_at(mark)
    return response


def _changed_at(mark: Mark) -> datetime:
    """Give when answers last changed: with the catalog, or with the day, on which alerts end."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(midnight, mark.at.replace(microsecond=0) + timedelta(seconds=1)) if mark.at else midnight


def _etag(mark: Mark) -> str:
    """Name what an answer depends on: the catalog, the day, and what was asked."""
    parts = (mark.database_id, mark.last_change, clock.now().date(), request.full_path)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def _address(endpoint: str) -> str:
    base = settings().base_url
    return base + url_for(endpoint) if base else url_for(endpoint, _external=True)
