"""Questions about many leads, companies, campaigns and facts."""
