"""Numbered steps from an empty database to the present tables; going back is restoring a backup."""
