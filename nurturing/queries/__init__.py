"""Questions of nurturing, by noun."""
