"""Products and the lines of deals: the catalogue, what a deal is made of, what was bought."""
