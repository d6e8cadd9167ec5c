"""What the scripts run. Nothing of the clinic imports it."""
