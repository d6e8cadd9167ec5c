"""The people who work here: roles, supervision lines, hours, leave, rooms, holidays. No client is named here."""
