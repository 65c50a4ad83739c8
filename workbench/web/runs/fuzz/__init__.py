"""The page that replays a run with odd answers and odd inputs."""
