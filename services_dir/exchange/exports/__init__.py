"""Exports of what is published, made from public values alone: JSON, lines of JSON, a table, a package.

Each gives its bytes piece by piece, for a file and for an answer alike, and reads one moment of the
catalog; the same catalog on the same day gives the same bytes.
"""

from services_dir.exchange.exports.documents import json_chunks, ndjson_chunks
from services_dir.exchange.exports.package import package_chunks, write_package
from services_dir.exchange.exports.spreadsheet import csv_chunks

__all__ = ["csv_chunks", "json_chunks", "ndjson_chunks", "package_chunks", "write_package"]
