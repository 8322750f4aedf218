"""The Council's library: its duties, acts, members, meetings, documents, and the words of these."""
