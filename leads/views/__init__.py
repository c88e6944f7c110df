"""Pages of leads, companies, campaigns and custom fields."""
