"""How secrets of high entropy (API keys, invitations) are kept: as hashes only."""

import hashlib


def hashed(secret: str) -> str:
    """What the database keeps of a secret nobody can guess; needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
