"""Live updates: what one process commits, the clients of every web process hear at once.

PostgreSQL carries the news: `NOTIFY` in the transaction that made it, so none is told before its
commit and none that was rolled back. Each web process hears all of it on one connection (`Hub`) and
hands it to whoever follows. What is said is ids only; whoever hears of them looks them up.

A client has a `Mailbox`, which is bounded: who reads too slowly is let go, and nobody waits for
them. An open stream holds no thread and no database connection.
"""
