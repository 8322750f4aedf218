"""Tests of the pages that say what this site is."""
