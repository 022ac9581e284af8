"""Whatever is done to a store in whatever order, it says what a plain dictionary would.

The dictionary holds, for every memory, where it lies and what it says; a list holds every write.
After each step the store has the same state and the same history, and its chain verifies.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.memory import blaming, matching, paths, states, verifying, writing
from apps.memory.actions import memories, restoring, versions
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.redacting import HeadOfLiveMemory
from apps.memory.restoring import NothingToBringBack
from tests import make

PATHS = st.sampled_from(["/a", "/a/b", "/b", "/b/c", "/b/d", "/c"])
CONTENTS = st.sampled_from(["", "x\n", "y\n", "x\ny\n"])
PREFIXES = st.sampled_from(["/", "/", "/a/", "/b/"])


def cross(one, other):
    """Whether two paths cannot be there together."""
    return one == other or one in paths.ancestors(other) or other in paths.ancestors(one)


class History(RuleBasedStateMachine):
    memory_ids = Bundle("memory_ids")

    def __init__(self):
        super().__init__()
        self.store = MemoryStore.objects.create(workspace=make.workspace(), name="Any")
        self.by = make.actor()
        self.now = {}  # memory id: (path, content)
        self.writes = []  # [memory id, operation, path, content], redacted: path and content None

    def is_free(self, path, besides=None):
        return not any(cross(path, taken) for key, (taken, _) in self.now.items() if key != besides)

    def asked(self, **given):
        return {"store_id": self.store.pk, "by": self.by, **given}

    @rule(target=memory_ids, path=PATHS, content=CONTENTS)
    def create(self, path, content):
        if not self.is_free(path):
            with pytest.raises(writing.PathTaken):
                memories.create_memory(**self.asked(path=path, content=content))
            return multiple()
        memory = memories.create_memory(**self.asked(path=path, content=content))
        self.now[memory.pk] = (path, content)
        self.writes.append([memory.pk, "created", path, content])
        return memory.pk

    @rule(memory_id=memory_ids, path=st.none() | PATHS, content=st.none() | CONTENTS)
    def update(self, memory_id, path, content):
        asked = self.asked(memory_id=memory_id, path=path, content=content)
        if memory_id not in self.now:
            with pytest.raises(writing.NoSuchMemory):
                memories.update_memory(**asked)
            return
        old = self.now[memory_id]
        new = (old[0] if path is None else path, old[1] if content is None else content)
        if new[0] != old[0] and not self.is_free(new[0], besides=memory_id):
            with pytest.raises(writing.PathTaken):
                memories.update_memory(**asked)
            return
        memories.update_memory(**asked)
        if new != old:
            self.now[memory_id] = new
            self.writes.append([memory_id, "modified", *new])

    @rule(memory_id=memory_ids)
    def delete(self, memory_id):
        if memory_id not in self.now:
            with pytest.raises(writing.NoSuchMemory):
                memories.delete_memory(**self.asked(memory_id=memory_id))
            return
        memories.delete_memory(**self.asked(memory_id=memory_id))
        path, _ = self.now.pop(memory_id)
        self.writes.append([memory_id, "deleted", path, None])

    @precondition(lambda self: self.writes)
    @rule(data=st.data())
    def redact(self, data):
        place = data.draw(st.integers(0, len(self.writes) - 1))
        version = MemoryVersion.objects.get(store=self.store, sequence=place + 1)
        memory_id = self.writes[place][0]
        is_newest = all(each[0] != memory_id for each in self.writes[place + 1 :])
        if is_newest and memory_id in self.now:
            with pytest.raises(HeadOfLiveMemory):
                versions.redact_version(**self.asked(version_id=version.pk))
            return
        versions.redact_version(**self.asked(version_id=version.pk))
        self.writes[place][2:] = [None, None]

    @precondition(lambda self: self.writes)
    @rule(data=st.data())
    def restore_a_version(self, data):
        place = data.draw(st.integers(0, len(self.writes) - 1))
        version = MemoryVersion.objects.get(store=self.store, sequence=place + 1)
        memory_id, operation, path, content = self.writes[place]
        if operation == "deleted" or path is None:
            with pytest.raises(NothingToBringBack):
                restoring.restore_memory(**self.asked(version_id=version.pk))
            return
        if not self.is_free(path, besides=memory_id):
            with pytest.raises(writing.PathTaken):
                restoring.restore_memory(**self.asked(version_id=version.pk))
            return
        restoring.restore_memory(**self.asked(version_id=version.pk))
        if self.now.get(memory_id) != (path, content):
            done = "modified" if memory_id in self.now else "created"
            self.now[memory_id] = (path, content)
            self.writes.append([memory_id, done, path, content])

    @precondition(lambda self: self.writes)
    @rule(data=st.data(), prefix=PREFIXES)
    def restore_the_store(self, data, prefix):
        sequence = data.draw(st.integers(1, len(self.writes)))
        wanted = self.as_it_was(sequence, prefix)
        asked = self.asked(at=sequence, prefix=prefix)
        plan = restoring.preview_store(**asked)
        places = [path for path, _ in wanted.values()]
        if any(cross(a, b) for at, a in enumerate(places) for b in places[at + 1 :]):
            assert plan.collisions
            with pytest.raises(writing.PathTaken):
                restoring.restore_store(**asked, token=plan.token)
            return
        restored = restoring.restore_store(**asked, token=plan.token)
        written = {each.memory_id for each in restored.versions}
        ids = self.now.keys() | wanted.keys()
        assert written == {each for each in ids if self.now.get(each) != wanted.get(each)}
        self.now = wanted
        self.writes += [[v.memory_id, v.operation, v.path, v.content] for v in restored.versions]

    def as_it_was(self, sequence, prefix):
        """What the store should say once this folder of it is as it was."""
        then = {memory_id: rest for memory_id, *rest in self.writes[:sequence]}
        wanted = dict(self.now)
        for memory_id in self.now.keys() | then.keys():
            operation, path, content = then.get(memory_id, ("deleted", None, None))
            now = self.now.get(memory_id)
            if operation != "deleted" and path is None:
                continue  # redacted: it stays as it is
            if operation != "deleted" and path.startswith(prefix):
                wanted[memory_id] = (path, content)
            elif now and now[0].startswith(prefix):
                if operation == "deleted":
                    del wanted[memory_id]
                else:
                    wanted[memory_id] = (path, now[1])
        return wanted

    @invariant()
    def the_state_is_the_same(self):
        live = Memory.objects.live().filter(store=self.store)
        assert {each.pk: (each.path, each.content) for each in live} == self.now

    @invariant()
    def the_history_is_the_same(self):
        rows = MemoryVersion.objects.of(self.store).in_order()
        found = [[v.memory_id, v.operation, v.path, v.content] for v in rows]
        assert found == self.writes

    @invariant()
    def the_chain_verifies(self):
        self.store.refresh_from_db()
        verdict = verifying.verify(self.store)
        assert verdict.faults == []
        assert verdict.version_count == len(self.writes)

    @invariant()
    def the_newest_state_is_what_it_says_now(self):
        state = states.state_at(self.store, len(self.writes), is_full=True)
        said = {each.memory_id: (path, each.content) for path, each in state.by_path.items()}
        assert (said, state.redacted) == (self.now, [])

    @rule(memory_id=memory_ids)
    def blame(self, memory_id):
        """Every line is in the version that it is said to come from."""
        for line in blaming.blame(Memory.objects.get(pk=memory_id)):
            assert line.source.number >= 1
            source = self.writes[line.source.sequence - 1]
            assert source[0] == memory_id
            if source[3] is not None:
                assert line.text + line.end in matching.lines(source[3])


@pytest.mark.django_db
def test_any_history():
    run_state_machine_as_test(
        History, settings=settings(max_examples=10, stateful_step_count=18, deadline=None)
    )
