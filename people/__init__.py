"""The pages with which administrators look after who works here: people, hours, leave, supervision lines, rooms, holidays.
No tables: those stand in `staff`, which may not ask `access` who is allowed."""
