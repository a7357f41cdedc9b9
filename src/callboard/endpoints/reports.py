"""Reports of the account: days, hosts, single meetings and who was in them."""

from __future__ import annotations
