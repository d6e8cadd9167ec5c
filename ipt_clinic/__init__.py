"""The project: settings, addresses, the way in for the web server. It knows every room and holds no rule."""
