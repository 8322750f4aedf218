"""Figures on nature, extent and progress: series with their definitions, and what sources say of them."""
