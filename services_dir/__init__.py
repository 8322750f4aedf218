"""A moderated, searchable register of services for victims of human trafficking."""
