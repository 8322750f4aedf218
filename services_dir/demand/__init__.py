"""Demand without traces: what is looked for, counted by the month and never with whom, what words or when."""

from services_dir.demand.counting import INTERVAL, count, flush, init_app
from services_dir.demand.models import TABLES_LEFT_OUT_OF_BACKUPS

__all__ = ["INTERVAL", "TABLES_LEFT_OUT_OF_BACKUPS", "count", "flush", "init_app"]
