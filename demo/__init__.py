"""The invented clinic that the first run shows."""
