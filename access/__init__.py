"""Who may see and do what: said once in policy.py, enforced by querysets and again by row-level security in rls/."""
