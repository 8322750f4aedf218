"""Routes of indicators: what everybody sees, and the desk where tables are handed in."""
