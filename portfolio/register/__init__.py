"""What is known: projects, investors, places, zones, capital, land and papers."""
