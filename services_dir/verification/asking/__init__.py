"""What coordinators see of verification: forms and pages, in English."""
