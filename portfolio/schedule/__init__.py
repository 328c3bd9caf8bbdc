"""Is it late, and by which rule: the law of delay."""
