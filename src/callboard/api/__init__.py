"""The registry as HTTP: routes, tokens, limits, errors, and the doors that facts come in by."""
