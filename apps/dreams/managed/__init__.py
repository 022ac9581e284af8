"""Managed dreams: the vendor dreams over a linked workspace, people here decide edit by edit.

A memory store of the linked workspace is *mirrored* into a store here. The vendor dreams about its
own store and writes what it came to into a new one; the difference between that and the store as
it was is handed in to reviews as proposals to the mirror. Everything that is then written into the
mirror is written back to the store there.

Invariants:

- a dream is asked for there once, however often workers die: what was the newest dream there is
  written down before asking, so that who comes after finds the one that was asked for;
- the history of the mirror is the outbox. A version is there if and only if the decision that wrote
  it was committed, versions are numbered without gaps, and each that was written here becomes one
  *write-back*, in that order;
- a write-back says what the memory said before it (`content_sha256`). Where something else is
  there by now it is a conflict, which is shown until somebody has dealt with it: never written
  over, never dropped;
- one worker at a time works on a mirror, by a lease that another may take over once it runs out.
"""

ENGINE = "managed"
"""What `Dream.engine` says of them."""
