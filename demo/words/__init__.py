"""The words of invented notes: stories that run through a course, and the writer that tells one session at a time."""
