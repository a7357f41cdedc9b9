"""The benchmark: figures of Callboard, of its bare engine and of PostgreSQL on the same rows, in one run."""
