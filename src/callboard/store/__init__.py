"""The facts: tables, the engine behind a seam, the writer and its spool."""
