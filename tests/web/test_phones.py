"""How numbers are written and linked."""

from __future__ import annotations

import pytest

from services_dir.values import spoken_number
from services_dir.web.phones import phone_href


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+18605550100", "860-555-0100"),
        ("+18885550100", "1-888-555-0100"),
        ("988", "988"),
        ("233733", "233733"),
        ("+525550000000", "+52 55 5000 0000"),
        ("+1", "+1"),
        ("+nonsense", "+nonsense"),
    ],
)
def test_numbers_are_written_as_people_read_them(number, written):
    assert spoken_number(number) == written


@pytest.mark.parametrize(
    ("kind", "extension", "address"),
    [
        ("hotline", None, "tel:+18605550100"),
        ("voice", "ext. 12", "tel:+18605550100;ext=12"),
        ("text", None, "sms:+18605550100"),
        ("fax", None, None),
        ("whatsapp", None, None),
    ],
)
def test_a_tap_calls_or_texts(kind, extension, address):
    assert phone_href(kind, "+18605550100", extension) == address
