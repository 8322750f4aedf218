"""Measurements: this search beside the one that Whoosh itself offers, in one run."""
