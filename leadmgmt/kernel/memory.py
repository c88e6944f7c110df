"""What a process keeps for as long as it lives."""

import gc


def settle() -> None:
    """Let the collector pass over what was loaded at the start, for good.

    It would walk through all of it again and again, and find nothing to collect.
    """
    gc.collect()
    gc.freeze()
