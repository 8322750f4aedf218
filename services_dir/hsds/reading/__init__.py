"""HSDS read back: records of any version and of its ancestors become documents of drafts."""
