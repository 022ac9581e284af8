"""Linked vendor workspaces: what happens there is read here, again and again."""
