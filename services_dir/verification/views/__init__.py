"""Routes of verification: the provider's page over a mailed link, and the coordinators' pages."""
