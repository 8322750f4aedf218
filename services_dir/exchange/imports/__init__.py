"""Imports: a plan for each record, applying it, taking it back, following a feed."""

from services_dir.exchange.imports import addresses, approvals

__all__ = ["addresses", "approvals"]
