"""The yearly inventory: the catalog as it stood on a day, in figures, frozen when it is published."""
