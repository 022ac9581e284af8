"""Who may do what: people, workspaces, and the links that sign a person in.

Every row of the product belongs to one workspace; a person sees a workspace by being its member.
A read across workspaces is a 404, never a 403: what a person may not see does not exist for them.
"""
