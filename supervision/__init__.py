"""Supervision: flags as rules that anyone can read, the progress review, agenda, meetings, co-signing, practice."""
