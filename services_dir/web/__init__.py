"""Flask plumbing: headers, languages, assets, forms, errors, navigation.

The application is made without a static folder (`static_folder=None`): `assets` serves the files.
"""

from __future__ import annotations

from flask import Flask

from services_dir.web import (
    assets,
    errors,
    forms,
    glossary,
    headers,
    languages,
    logs,
    navigation,
    phones,
    requests,
    robots,
)


def init_app(app: Flask) -> None:
    """Put every part of the plumbing into the application, in the order in which they lean on each other."""
    requests.init_app(app)
    logs.init_app(app)
    languages.init_app(app)
    assets.init_app(app)
    headers.init_app(app)
    robots.init_app(app)
    navigation.init_app(app)
    phones.init_app(app)
    glossary.init_app(app)
    forms.init_app(app)
    errors.init_app(app)
