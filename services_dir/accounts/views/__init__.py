"""Routes of accounts: signing in, one's own account, and the accounts of others."""

from services_dir.accounts.views import own, people, proving, second_factors, signing_in
from services_dir.accounts.views.blueprint import bp
from services_dir.accounts.views.people import ENTRIES

__all__ = ["ENTRIES", "bp", "own", "people", "proving", "second_factors", "signing_in"]
