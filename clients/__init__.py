"""The person: name, contact, how they may be reached. The course of therapy is in `courses`."""
