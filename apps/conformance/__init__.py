"""Conformance mode (`AGENTSITE_CONFORMANCE=1`): the server that the vendor's own tests expect.

Those tests hold no state and run in any order: they use one key and some ids that must be there,
delete them, and read them again. So in this mode every request of the API is one transaction, which
begins by making those rows and ends by undoing everything. Nothing is ever committed: neither the
rows nor the key exist for anybody else. Installed in this mode alone, and never beside a setting of
production.
"""
