"""Files: what people and programs upload, and what agents deliver.

A row is what the contract calls a file; its bytes lie in Django's default storage under the row's
own id, so that a folder, a bucket or anything else that Django can write to will do.
"""
