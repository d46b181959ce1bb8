"""From source text to typed canonical columns: clean, parse, map, derive; pure."""
