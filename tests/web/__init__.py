"""Tests of the Flask plumbing."""
