"""YAML → frozen configs, with positions, secrets, the workspace and the plan of a delivery."""
