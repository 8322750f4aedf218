"""What the routes of the workspace share."""

from flask import Blueprint

bp = Blueprint("workspace", __name__)
