"""Reviews: proposed edits to memory, each with its evidence, decided before they are merged.

A changeset is handed in by whoever drafted it (a dream, a session, an integration, a person) and
holds proposals; reviews knows nothing of where they came from but their origin's name.

Invariants, held by the database:
- a decision is never changed and never deleted by itself; decisions of a store are numbered and
  chained like its versions, and a version that a decision wrote names it;
- a proposal that is decided says by whom and when, and one that waits says neither;
- a quote of evidence matched its event, byte for byte, when it was handed in.
"""
