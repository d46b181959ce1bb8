"""What people look at after a run: `rejects` the original lines with their codes."""
