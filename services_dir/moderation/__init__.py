"""Review queue, claims and decisions: the coordinators' side."""
