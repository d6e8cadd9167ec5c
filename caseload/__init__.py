"""Who carries what: today, my caseload, the clinic's courses. Queries and pages, no tables."""
