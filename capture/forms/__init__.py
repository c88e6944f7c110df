"""Shape and wording of what members enter, by noun."""
