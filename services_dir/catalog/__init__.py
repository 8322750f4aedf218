"""Organizations, programs, categories and places: what the register holds."""
