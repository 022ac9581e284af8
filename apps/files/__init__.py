"""Files: what people and programs upload, and what agents deliver.

A row is what the contract calls a file. Its bytes are a blob, which copies share: a session that
mounts a file gets a row of its own and nothing is copied. Blobs lie in the storage `files` of
Django's settings, so that a folder, a bucket or anything else that Django can write to will do;
no byte is deleted while a file has it, and none stays for ever once nothing has.
"""
