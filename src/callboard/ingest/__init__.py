"""Sources of facts: each turns bytes into fact rows."""
