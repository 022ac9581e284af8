"""Text files on their way into a store: read from a folder or a zip, and planned before a write."""
