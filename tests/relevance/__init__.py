"""Whether people find what they look for: queries as people type them, judged from the facts of the seed."""
