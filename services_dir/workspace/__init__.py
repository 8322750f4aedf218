"""The coordinators' own pages: what waits, what is late, who did what."""
