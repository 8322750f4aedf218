"""Routes of the library: public pages, files, and the coordinators' pages."""
