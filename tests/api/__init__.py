"""The HTTP side: tokens, access, limits, errors, cache."""
