"""The report on demand: what was looked for, month by month, and what there is."""
