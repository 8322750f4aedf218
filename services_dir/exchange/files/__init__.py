"""Opening what somebody hands in: folders, archives, CSV, JSON and workbooks, with limits against harm."""
