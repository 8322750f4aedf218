"""Passwords: argon2, one form of each text, and no telling accounts apart by time."""

from __future__ import annotations

import unicodedata
from statistics import median
from time import perf_counter

import pytest

from services_dir.accounts import passwords

GOOD = "two words of mine"
STORED = passwords.hash_password(GOOD)
REAL = {"hasher": passwords.hasher, "DUMMY": passwords.DUMMY}  # before tests made it quick


@pytest.fixture(autouse=True)
def real_cost(monkeypatch):
    for name, value in REAL.items():
        monkeypatch.setattr(passwords, name, value)


def test_only_the_password_itself_is_right():
    assert passwords.is_password(GOOD, STORED)
    assert not passwords.is_password(GOOD + " ", STORED)
    assert not passwords.is_password(GOOD.upper(), STORED)


@pytest.mark.parametrize("password", ["", "nobody has this password", "\x00", "\ud800"])
def test_an_account_without_a_password_lets_nobody_in(password):
    assert not passwords.is_password(password, None)


def test_a_damaged_hash_lets_nobody_in():
    assert not passwords.is_password(GOOD, "$argon2id$damaged")


def test_letters_with_accents_may_be_typed_in_either_way():
    typed = "señal de la montaña"
    stored = passwords.hash_password(unicodedata.normalize("NFC", typed))

    assert passwords.is_password(unicodedata.normalize("NFD", typed), stored)


def test_an_unknown_account_takes_as_long_as_a_wrong_password():
    def seconds(stored):
        began = perf_counter()
        passwords.is_password("wrong", stored)
        return perf_counter() - began

    pairs = [(seconds(None), seconds(STORED)) for _ in range(7)]

    unknown, wrong = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    assert 0.5 < unknown / wrong < 2
    assert not passwords.hasher.check_needs_rehash(passwords.DUMMY)
