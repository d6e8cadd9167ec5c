"""One therapy session from booking to signed note."""
