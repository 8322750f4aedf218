"""Search: what was asked, what is indexed, and the arrays that answer."""
