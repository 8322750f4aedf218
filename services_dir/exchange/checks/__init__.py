"""Holding an API of HSDS, ours or anybody's, to what the standard asks."""

from services_dir.exchange.checks.asking import Asker, Bounds, HttpAsker
from services_dir.exchange.checks.asking_self import SelfAsker
from services_dir.exchange.checks.conformance import CHECKS, Finding, Outcome, check

__all__ = ["CHECKS", "Answer", "Asker", "Bounds", "Finding", "HttpAsker", "Outcome", "SelfAsker", "check"]
