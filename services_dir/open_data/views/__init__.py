"""Routes of open data: pages in every language, and files for programs."""
