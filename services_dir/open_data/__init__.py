"""What others may take along: downloads, the feed of changes, what search engines read, a search box."""
