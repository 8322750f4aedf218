"""Search: what was asked, what is indexed, and the arrays that answer."""

from services_dir.search.follower import Follower, nudge, start_follower
from services_dir.search.searcher import Searcher, init_app
from services_dir.search.sync import prepare

__all__ = ["Follower", "Searcher", "init_app", "nudge", "prepare", "start_follower"]
