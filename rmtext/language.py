"""Stand-in."""


def looks_foreign(text: str) -> bool:
    return False
