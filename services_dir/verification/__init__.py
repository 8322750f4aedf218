"""Verification: asking providers each year whether what is listed is still right, by mail link or phone."""
