"""Pages that say what this site is and how to use it safely: home, about, privacy, safety, exit."""
