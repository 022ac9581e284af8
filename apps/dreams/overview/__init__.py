"""What the overview shows of a workspace: each panel from a few queries that are bounded by time,

by an index or by a limit, whatever the workspace holds.
"""
