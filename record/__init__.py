"""One course as a whole: its page and the rows that lists show. No tables."""
