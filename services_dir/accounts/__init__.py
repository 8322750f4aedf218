"""Coordinators and administrators: sign-in, permissions, and who may open which page."""
