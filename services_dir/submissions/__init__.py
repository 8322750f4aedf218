"""Proposing a program: submissions and their revisions, the submitter's side."""
