"""The look, and nothing else: template tags and the small pictures of lists. Knows no room."""
