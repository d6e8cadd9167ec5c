"""From a referral to the waiting list: how it came, what was written, who screened it, how long it waits, what was sent."""
