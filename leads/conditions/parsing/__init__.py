"""From JSON to a checked tree; whatever is wrong is said in a sentence a marketer understands."""
