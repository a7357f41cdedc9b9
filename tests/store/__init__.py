"""The tables, the engine, the writer and its spool."""
