"""Imports and exports: reading the project's own CSV files, and loading the seed."""
