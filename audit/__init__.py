"""One append-only trail of what was written and what was read, and the acting person of each request."""
