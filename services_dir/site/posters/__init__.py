"""Posters and wallet cards for everybody: the lines that answer at any hour, and the way to the directory."""
