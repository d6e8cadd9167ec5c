"""The client's people (interpersonal inventory, closeness circles) and the events of their life (timeline)."""
