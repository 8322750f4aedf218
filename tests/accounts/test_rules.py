"""Rules of accounts: passwords, permissions, and where one may go after sign-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services_dir.accounts import rules
from services_dir.accounts.models import LinkPurpose, Role
from services_dir.accounts.rules import Permission
from services_dir.errors import InvalidError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "at least 12"),
        ("elevenchars", "at least 12"),
        ("x1y2" * 51, "at most 200"),
        ("ana.example@example.org", "your e-mail"),
        ("Ana.Example@Example.ORG", "your e-mail"),
        ("password1234", "easy to guess"),
        ("PassWord-1234", "easy to guess"),
        ("qwertyuiop12", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("Correct horse battery staple", "easy to guess"),
    ],
)
def test_a_poor_password_is_refused_with_a_reason(password, sentence):
    with pytest.raises(InvalidError, match=sentence):
        rules.check_password(password, "ana.example@example.org")


@pytest.mark.parametrize(
    "password", ["twelve chars", "señal lluvia 47", "雨が降る日は本を読む夜に", "!?#%&/()=+*~"]
)
def test_a_good_password_may_have_any_characters(password):
    rules.check_password(password, "ana@example.org")


def test_coordinators_review_and_administrators_do_both():
    assert rules.PERMISSIONS[Role.COORDINATOR] == {Permission.REVIEW}
    assert rules.PERMISSIONS[Role.ADMINISTRATOR] == {Permission.REVIEW, Permission.ADMINISTER}
    assert set(rules.PERMISSIONS) == set(Role)
    assert set(rules.LINK_LASTS) == set(LinkPurpose)


@pytest.mark.parametrize(
    "path",
    [
        "/workspace",
        "/workspace/",
        "/workspace?a=1",
        "/workspace/submissions/12",
        "/workspace/queue?kind=new&page=2",
    ],
)
def test_paths_of_the_workspace_are_where_one_may_go(path):
    assert rules.local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "/",
        "/programs",
        "/sign-in",
        "workspace",
        "/workspacex",
        "//evil.example/workspace/",
        "///evil.example/workspace",
        "/\\evil.example/workspace",
        "\\\\evil.example/workspace",
        "https://evil.example/workspace",
        "https:/workspace",
        "javascript:alert(1)//workspace",
        "/workspace\r\nSet-Cookie: a=b",
        "/workspace/\tx",
        " /workspace",
        "//[/workspace",
        "/workspace/" + "x" * 2000,
    ],
)
def test_anything_else_is_not(path):
    assert rules.local_path(path) is None


@pytest.mark.parametrize(
    ("since_start", "since_click", "is_over"),
    [
        (timedelta(hours=11), timedelta(minutes=59), False),
        (timedelta(hours=11), timedelta(minutes=60), True),
        (timedelta(hours=12), timedelta(minutes=0), True),
    ],
)
def test_a_session_ends_after_quiet_or_in_any_case(since_start, since_click, is_over):
    limits = {"idle": timedelta(minutes=60), "absolute": timedelta(hours=12)}

    assert rules.is_over(NOON - since_start, NOON - since_click, at=NOON, **limits) is is_over


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.0", ""),
        (None, ""),
    ],
)
def test_a_browser_is_named_coarsely(user_agent, name):
    assert rules.device_name(user_agent) == name


def test_an_e_mail_is_the_same_however_it_is_written():
    assert (
        rules.fold_email(" Ana@Example.ORG\x00 ") == "ana@example.org" == rules.fold_email("ana@example.org")
    )
