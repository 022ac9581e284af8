"""Memory: stores of small text files that agents read and write, with their full history.

Invariants, held by the database:
- a version is never changed and never deleted by itself (a trigger refuses it); redaction empties
  it and leaves author, time and its place in the chain; a whole store goes with an audit entry;
- versions of a store are numbered without gaps from 1, and each carries the hash of the one before
  it, so that one edited, removed or reordered behind the application's back is found by name;
- a path is taken once in a store, and is never both a file and a folder;
- a memory says what its newest version says: `writing` writes both, and is the only writer.

The chain is one per store, so writes to a store take turns: they lock its row. What is chained of a
version's content is a salted digest, the seal. Redaction erases the salt with the content, so the
chain still holds and nobody can guess what was there.
"""
