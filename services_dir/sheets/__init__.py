"""Sheets of chosen programs, to hand over: on the screen, on paper, as a PDF and as text."""
