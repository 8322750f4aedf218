"""JSON files as streams of their records: arrays, pages of an API, and one object a line.

Arrays are read a record at a time by Python's own decoder. A reader of events (ijson) was tried: it is eight
times as slow, and a number of five thousand digits ends the whole process in its C code.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, NoReturn

import msgspec

from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.encodings import as_utf8
from services_dir.exchange.files.limits import LIMITS, Limits
from services_dir.exchange.files.packages import File

Record = dict[str, Any]

# Where records may lie in a document: at the top, or under one of these names. The first ones are never
# part of a record.
_ENVELOPES = ("contents", "data", "items", "results")
_LISTS = (*_ENVELOPES, "services", "organizations", "service_at_locations")
_PIECE = 1_000_000
_BETWEEN = re.compile(r"[\s,:]*")
_HALF_SIGN = re.compile(r"\\ud[89a-f]", re.IGNORECASE)
_ENDS = "it ends too early"


class NoRecordsError(InvalidError):
    """A document holds no list of records."""


class _Shape(msgspec.Struct, frozen=True):
    """How records lie in a file: in lines, in an array, at the top, or in lists of a document."""

    kind: str
    lists: tuple[str, ...] = ()


_LINES, _ARRAY, _TOP = _Shape("lines"), _Shape("array"), _Shape("top")


@dataclass(frozen=True)
class Document:
    """A JSON file whose shape is known; its records can be read again and again."""

    name: str
    content: IO[bytes]
    shape: _Shape
    limits: Limits = LIMITS

    def records(self) -> Iterator[tuple[int, Record]]:
        """Give each record with its line (NDJSON) or its number (JSON), from 1.

        What stands in place of a record and is no object comes as an empty one. Raises InvalidError where
        the file breaks off.
        """
        if self.shape is _LINES:
            yield from _lines(self.content, self.name, self.limits)
            return
        reader = _Reader(self.content, self.name, self.limits)
        for value in reader.records(self.shape):
            yield reader.number, value if isinstance(value, dict) else {}


def open_document(file: File, *, limits: Limits = LIMITS) -> Document:
    """Find how records lie in a file. Raises InvalidError if it holds none, or cannot be read."""
    content, _encoding = as_utf8(file)
    is_lines = file.ending in (".ndjson", ".jsonl") or _has_lines(content, limits)
    shape = _LINES if is_lines else _Reader(content, file.name, limits).find_shape()
    return Document(file.name, content, shape, limits)


def _has_lines(content: IO[bytes], limits: Limits) -> bool:
    """Tell whether the first line is an object of its own and another one follows."""
    content.seek(0)
    first, second = content.readline(limits.line), content.readline(limits.line)
    if second.lstrip()[:1] != b"{":
        return False
    try:
        return isinstance(msgspec.json.decode(first), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def _lines(content: IO[bytes], name: str, limits: Limits) -> Iterator[tuple[int, Record]]:
    content.seek(0)
    for number, raw in enumerate(iter(lambda: content.readline(limits.line + 1), b""), 1):
        if len(raw) > limits.line:
            message = N_("{name}, line {line}: one row is longer than {size} MB.")
            raise InvalidError(message, name=name, line=number, size=limits.line // 1_000_000)
        if raw.strip():
            try:
                record = msgspec.json.decode(raw)
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
                message = N_("{name}, line {line}: from here on the file cannot be read: {reason}")
                raise InvalidError(message, name=name, line=number, reason=str(error)) from error
            yield number, record if isinstance(record, dict) else {}


class _Reader:
    """Reads values of a JSON text one after the other, holding a piece of it at a time."""

    def __init__(self, content: IO[bytes], name: str, limits: Limits) -> None:
        content.seek(0)
        self._content, self._name, self._limits = content, name, limits
        self._bytes = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder(parse_constant=_refuse)
        self._text, self._at, self._is_whole = "", 0, False
        self.number = 0  # of the record that was given last

    def find_shape(self) -> _Shape:
        """Tell how records lie. Raises InvalidError if there is no list and no record."""
        first = self._next()
        if first == "[":
            return _ARRAY
        if not first:
            raise NoRecordsError(N_("{name} is empty."), name=self._name)
        lists, has_id = [], False
        for key in self._keys():
            if key in _LISTS and self._next() == "[":
                lists.append(key)
                if key in _ENVELOPES:
                    return _Shape("lists", (key,))
                for _value in self._elements():
                    pass
            else:
                has_id = has_id or key == "id"
                self._value()
        if has_id:
            return _TOP  # one record, or several; the lists it holds are its own
        if not lists:
            raise NoRecordsError(N_("{name} holds no list of records."), name=self._name)
        return _Shape("lists", tuple(lists))

    def records(self, shape: _Shape) -> Iterator[Any]:
        """Give each record, counted; raises InvalidError where the text breaks off."""
        if shape is _ARRAY:
            yield from self._counted(self._elements())
            if self._next():
                self._break("something follows the list")
        elif shape is _TOP:
            while self._next():
                yield from self._counted([self._value()])
        else:
            for key in self._keys():
                if key in shape.lists and self._next() == "[":
                    yield from self._counted(self._elements())
                else:
                    self._value()

    def _counted(self, values: Any) -> Iterator[Any]:
        for value in values:
            self.number += 1
            yield value

    def _keys(self) -> Iterator[str]:
        """Give the names of the object that begins here; the caller reads what each stands for."""
        self._open("{")
        while (sign := self._next()) != "}":
            key = self._value() if sign else self._break(_ENDS)
            yield str(key)
        self._at += 1

    def _elements(self) -> Iterator[Any]:
        """Give the values of the array that begins here."""
        self._open("[")
        while (sign := self._next()) != "]":
            yield self._value() if sign else self._break(_ENDS)
        self._at += 1

    def _open(self, bracket: str) -> None:
        if self._next() != bracket:
            self._break(f"“{bracket}” is missing")
        self._at += 1

    def _next(self) -> str:
        """Give the sign at which the next value begins, or an object or array ends; "" at the end."""
        while True:
            self._at = _BETWEEN.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text) or self._is_whole:
                return self._text[self._at : self._at + 1]
            self._read_on()

    def _value(self) -> Any:
        """Read the value that begins here."""
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError:
                self._break("brackets within brackets, too deep")
            except ValueError as error:
                if self._is_whole or len(self._text) - self._at > self._limits.line:
                    self._break(_reason(error))
            else:
                if end < len(self._text) or self._is_whole:  # else a number may go on in the next piece
                    has_halves = _HALF_SIGN.search(self._text, self._at, end) is not None
                    self._at = end
                    return _mended(value) if has_halves else value
            self._read_on()

    def _read_on(self) -> None:
        piece = self._content.read(_PIECE)
        self._is_whole = not piece
        self._text = self._text[self._at :] + self._bytes.decode(piece, final=self._is_whole)
        self._at = 0

    def _break(self, reason: str) -> NoReturn:
        message = N_("{name}, record {number}: from here on the file cannot be read: {reason}")
        raise InvalidError(message, name=self._name, number=self.number + 1, reason=reason)


def _mended(value: Any) -> Any:
    """Put halves of signs outside of the first plane together; one that stands alone becomes `�`."""
    text = json.dumps(value, ensure_ascii=False)
    return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _reason(error: ValueError) -> str:
    """Say what is wrong; of a number of too many digits Python tells more than anybody wants to read."""
    is_told = isinstance(error, json.JSONDecodeError | _NoNumberError)
    return str(getattr(error, "msg", error)) if is_told else "a number of too many digits"


class _NoNumberError(ValueError):
    pass


def _refuse(name: str) -> NoReturn:
    raise _NoNumberError(f"{name} is no number")
