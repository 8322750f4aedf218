"""The catalog in the field's standard: Open Referral's Human Services Data Specification, 3.1."""
