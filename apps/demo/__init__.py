"""The demonstration: sessions written for this project, the same each time."""
