"""How fresh the catalog is: by kind of help and level, over time, and what coordinators did about it."""
