"""Linked workspaces: what agents do at the vendor's, or on another agentsite, is read here.

A link is an address and a key. A sync reads agents, environments, sessions, threads and events by
it, in pages, and keeps every id; it only ever reads. Invariants:

- syncing twice adds nothing, and a sync that was cut off goes on where it was: what is read is
  kept page by page, and so is how far it is;
- one worker at a time works on a link, by a lease that another may take over once it runs out;
- the key is sealed at rest, is sent to the address that it was given for and to no other, and
  stands in no log, page, answer or audit entry;
- what is deleted there stays here, and what is deleted here does not come back.

Only workers load the vendor's client, which takes two seconds: `vendor` alone imports it, and
`tasks` alone imports `vendor`. By it, managed dreams also write there (apps.dreams.managed).
"""
