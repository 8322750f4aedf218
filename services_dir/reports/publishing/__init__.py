"""The coordinators' side of yearly reports: a look at a year, and the button that publishes it."""
