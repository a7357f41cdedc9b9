"""Migrations of the control store."""
