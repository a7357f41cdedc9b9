"""The families of endpoints beside meetings and webinars, a module each."""

from tests.contract.families import activity, chat, crc, experience, forms, people, reports, rooms

FAMILIES = (activity, chat, crc, experience, forms, people, reports, rooms)
