"""PDF files from outside: what is taken, and what is in them, found out by a process that can do no harm."""
