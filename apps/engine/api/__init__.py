"""Models for programs that set up a workspace, or look after what it spends."""
