"""How a delivery's parts go through the heart: `inline`, one after another in this process."""
