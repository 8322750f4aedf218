"""Routes of the API: HSDS 3.1 under `/hsds`."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

import msgspec
from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services_dir import clock, policy, throttle
from services_dir.accounts.guards import public
from services_dir.api import openapi, queries
from services_dir.api.endpoints import ENDPOINTS
from services_dir.api.kept import KeptAnswers, KeptRecords
from services_dir.api.lists import Lists
from services_dir.api.parameters import ParameterError, Parameters
from services_dir.api.queries import Mark
from services_dir.catalog.leading import find_current_uuid
from services_dir.catalog.models import Organization, Program
from services_dir.db import db, transaction
from services_dir.errors import NotFoundError
from services_dir.hsds.objects import PROFILE, VERSION, About, Problem, Publisher
from services_dir.search import engine
from services_dir.search.query import SearchQuery
from services_dir.values import seed_uuid
from services_dir.web.context import settings
from services_dir.web.errors import sentence

bp = Blueprint("api", __name__, url_prefix="/hsds")

_LINES = "application/x-ndjson"
_READING = ("GET", "HEAD")
_MERGED: dict[str, type[Program | Organization]] = {
    "api.service": Program,
    "api.organization": Organization,
}
_PARAMETERS = {endpoint.name: endpoint.parameters for endpoint in ENDPOINTS}


def api(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Let anyone ask, from any page, but not too often; answer 304 where nothing changed."""

    @public
    @wraps(view)
    def answered(*args: Any, **values: Any) -> ResponseReturnValue:
        if not _may_ask():
            return _problem(429, "That was very often in a short time. Please wait a little and try again.")
        g.api_mark = mark = queries.read_mark(db.session)
        tag = _tag(mark)
        try:
            response = _not_modified(mark, tag) or _answer(tag, lambda: view(*args, **values))
        except ParameterError as error:
            return _problem(400, error.message, parameter=error.parameter, **error.values)
        except NotFoundError as error:
            return _moved(values.get("record_id", "")) or _problem(404, sentence(error))
        return _finished(response, mark, tag)

    return answered


@bp.get("/")
@api
def root() -> ResponseReturnValue:
    """Say what this is."""
    about = About(
        version=VERSION,
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
    today = clock.now().date()
    records: KeptRecords = current_app.extensions.setdefault("api_records", KeptRecords())
    return Lists.of(db.session, today, records.at(db.session, g.api_mark, today))


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
        return _stream(_lines(records, db.session))
    contents = list(records)
    pages = -(-total // asked.per_page)
    name = request.path.rsplit("/", 1)[1]
    page = openapi.Page(
        id=seed_uuid("list", name),
        name=name,
        description=f"A page of the list of {name.replace('_', ' ')}.",
        total_items=total,
        total_pages=pages,
        page_number=asked.page,
        size=len(contents),
        first_page=asked.page == 1,
        last_page=asked.page >= pages,
        empty=not contents,
    )
    return _json({**msgspec.structs.asdict(page), "contents": contents})


def _stream(lines: Generator[bytes]) -> Response:
    """Send lines as they are made; packed, if the reader takes that: records repeat their terms."""
    is_packed = request.accept_encodings["gzip"] > 0
    sent = stream_with_context(_gzipped(lines) if is_packed else lines)
    response = Response(sent, content_type=_LINES)
    response.vary.add("Accept-Encoding")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _gzipped(pieces: Generator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(5, wbits=zlib.MAX_WBITS | 16)
    with closing(pieces):  # whose end gives the connection back
        for piece in pieces:
            if packed := packer.compress(piece):
                yield packed
    yield packer.flush()


def _lines(records: Iterable[Any], session: Session) -> Generator[bytes]:
    """Write one record a line; the connection is given back when the last is sent or the reader is gone."""
    try:
        for record in records:
            yield msgspec.json.encode(record) + b"\n"
    finally:
        session.close()


def _cut(held: Sequence[Any], asked: Parameters) -> Sequence[Any]:
    return held[asked.skipped : asked.skipped + asked.per_page]


def _json(content: object) -> Response:
    return _json_bytes(msgspec.json.encode(content))


def _json_bytes(body: bytes) -> Response:
    response = make_response(body)
    response.content_type = "application/json"
    return response


def _moved(record_id: str) -> Response | None:
    """Lead from a service or an organization that was merged to the one that stays."""
    table = _MERGED.get(request.endpoint or "")
    try:
        heir = find_current_uuid(db.session, table, _uuid(record_id)) if table is not None else None
    except NotFoundError:  # no id of a record at all
        return None
    if heir is None:
        return None
    asked = request.query_string.decode("ascii", "ignore")
    address = url_for(request.endpoint or "", record_id=heir) + (f"?{asked}" if asked else "")
    response = make_response(redirect(address, code=308))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
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


def _not_modified(mark: Mark, tag: str) -> Response | None:
    if request.method not in _READING:
        return None
    if request.if_none_match:
        return Response(status=304) if request.if_none_match.contains_weak(tag) else None
    since = request.if_modified_since
    return Response(status=304) if since is not None and since >= _changed_at(mark) else None


def _answer(tag: str, view: Callable[[], ResponseReturnValue]) -> Response:
    """Give an answer that was made before, or make it."""
    if request.method not in _READING:
        return make_response(view())
    answers: KeptAnswers = current_app.extensions.setdefault("api_answers", KeptAnswers())
    body = answers.find(tag)
    if body is not None:
        return _json_bytes(body)
    response = make_response(view())
    if not response.is_streamed:
        answers.keep(tag, response.get_data())
    return response


def _finished(response: Response, mark: Mark, tag: str) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
    if request.method in _READING:
        response.set_etag(tag, weak=True)
        response.last_modified = _changed_at(mark)
    return response


def _changed_at(mark: Mark) -> datetime:
    """Give when answers last changed: with the catalog, or with the day, on which alerts end."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(midnight, mark.at.replace(microsecond=0) + timedelta(seconds=1)) if mark.at else midnight


def _tag(mark: Mark) -> str:
    """Name what an answer depends on: the catalog, this machine's index, the day, and what was asked."""
    snapshot = current_app.extensions["search"].snapshot
    parts = (
        mark.database_id,
        mark.last_change,
        mark.last_version,
        snapshot.state.applied if snapshot is not None else "",
        clock.now().date(),
        request.host_url,  # the root and the description name the address they are read at
        request.full_path,
    )
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def _address(endpoint: str) -> str:
    base = settings().base_url
    return base + url_for(endpoint) if base else url_for(endpoint, _external=True)
