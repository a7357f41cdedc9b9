"""Servers of their own, and what may happen to them."""
