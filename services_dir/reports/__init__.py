"""Reports: what exists, where, what is missing."""
