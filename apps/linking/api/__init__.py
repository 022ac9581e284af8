"""Links for programs that set up a workspace."""
