"""What needs a second look: flags as rules that anyone can read."""
