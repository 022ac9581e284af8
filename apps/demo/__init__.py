"""The demonstration: a workspace's worth of sessions, written for this project, the same each time."""
