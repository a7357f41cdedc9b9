"""Small rows updated in place: accounts, clients, users, sessions, Zoom apps and signing keys (SQLAlchemy: SQLite, PostgreSQL).

Apart from the facts, because a command must be able to make a client while the server runs.
"""

from callboard.control.control import App, Client, Control, Key, NewClient
from callboard.control.people import ControlError, People, User
from callboard.control.syncing import Item, Source, SyncBook

__all__ = [
    "App",
    "Client",
    "Control",
    "ControlError",
    "Item",
    "Key",
    "NewClient",
    "People",
    "Source",
    "SyncBook",
    "User",
]
