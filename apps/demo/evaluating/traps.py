# ruff: noqa: E501, S608 -- what is said, as it is said
"""Calls of tools that fail, again and again, and the calls that then work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from apps.demo.evaluating.talk import Talk

Call = tuple[str, Mapping[str, Any]]
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Trap:
    """`bad` fails with `error`; `good` are the calls that follow and work."""

    id: str
    bad: Callable[[Values], Call]
    error: str
    good: Callable[[Values], tuple[Call, ...]]
    signs: tuple[str, ...]

    def play(self, talk: Talk, chance: Random) -> None:
        values = _values(chance)
        talk.agent_says(chance.choice(_BEFORE))
        for _ in range(1 if chance.random() < 0.75 else 2):
            tool, given = self.bad(values)
            talk.call(tool, given, self.error.format(**values), fails=True)
        if chance.random() < 0.5:
            talk.agent_says(chance.choice(_AFTER))
        for tool, given in self.good(values):
            talk.call(tool, given, f"ok ({chance.randint(2, 900)} ms)")


_BEFORE = ("Let me do that now.", "I will run this.", "One moment.", "Working on it.")
_AFTER = (
    "That did not work. Trying another way.",
    "I see, one more attempt.",
    "Let me correct that.",
)
_WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbor",
    "iris",
    "juniper",
)


def _values(chance: Random) -> Values:
    day = chance.randint(13, 28)
    month = chance.randint(1, 9)
    return {
        "word": chance.choice(_WORDS),
        "other": chance.choice(_WORDS),
        "n": str(chance.randint(2, 90)),
        "id": f"{chance.randrange(16**8):08x}",
        "mail": f"{chance.choice(_WORDS)}.{chance.choice(_WORDS)}@example.org",
        "us_date": f"{month:02d}/{day}/2026",
        "iso_date": f"2026-{month:02d}-{day}",
    }


TRAPS: tuple[Trap, ...] = (
    Trap(
        "kubectl-namespace",
        lambda v: ("bash", {"command": f"kubectl apply -f deploy/{v['word']}.yaml"}),
        'error: the namespace from the provided object "{other}" does not match the namespace'
        " \"default\". You must pass '--namespace={other}' to perform this operation.",
        lambda v: (
            (
                "bash",
                {"command": f"kubectl apply --namespace={v['other']} -f deploy/{v['word']}.yaml"},
            ),
        ),
        (r"kubectl apply", r"--namespace"),
    ),
    Trap(
        "iso-dates",
        lambda v: ("search_orders", {"customer": v["word"], "since": v["us_date"]}),
        "since: '{us_date}' is not a date of the form YYYY-MM-DD",
        lambda v: (("search_orders", {"customer": v["word"], "since": v["iso_date"]}),),
        (r"search_orders", r"YYYY-MM-DD"),
    ),
    Trap(
        "customer-by-mail",
        lambda v: ("get_customer", {"customer_id": v["mail"]}),
        "customer_id: '{mail}' is no customer id (expected cus_ and 8 characters)",
        lambda v: (
            ("find_customer_by_email", {"email": v["mail"]}),
            ("get_customer", {"customer_id": f"cus_{v['id']}"}),
        ),
        (r"get_customer", r"find_customer_by_email"),
    ),
    Trap(
        "git-upstream",
        lambda v: ("bash", {"command": "git push"}),
        "fatal: The current branch {word}-{n} has no upstream branch.",
        lambda v: (("bash", {"command": f"git push --set-upstream origin {v['word']}-{v['n']}"}),),
        (r"git push", r"--set-upstream"),
    ),
    Trap(
        "npm-peers",
        lambda v: ("bash", {"command": f"npm install {v['word']}-ui"}),
        "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree for {word}-ui@{n}.0.1",
        lambda v: (("bash", {"command": f"npm install --legacy-peer-deps {v['word']}-ui"}),),
        (r"npm install", r"--legacy-peer-deps"),
    ),
    Trap(
        "read-in-parts",
        lambda v: ("read_file", {"path": f"exports/{v['word']}.csv"}),
        "exports/{word}.csv has {n}4211 lines; at most 2000 are read at once, give offset and limit",
        lambda v: (
            ("read_file", {"path": f"exports/{v['word']}.csv", "offset": 0, "limit": 2000}),
        ),
        (r"read_file", r"limit"),
    ),
    Trap(
        "invoice-currency",
        lambda v: ("send_invoice", {"invoice": v["id"], "to": v["mail"]}),
        "invoice {id}: a currency is required for customers outside the euro area",
        lambda v: (("send_invoice", {"invoice": v["id"], "to": v["mail"], "currency": "GBP"}),),
        (r"send_invoice", r"currency"),
    ),
    Trap(
        "partition-filter",
        lambda v: ("run_query", {"sql": f"select count(*) from events where shop = '{v['word']}'"}),
        "query {id} refused: table events is partitioned, a filter on dt is required",
        lambda v: (
            (
                "run_query",
                {
                    "sql": f"select count(*) from events where shop = '{v['word']}'"
                    f" and dt >= '{v['iso_date']}'"
                },
            ),
        ),
        (r"run_query", r"\bdt\b"),
    ),
    Trap(
        "terraform-init",
        lambda v: ("bash", {"command": f"terraform plan -out {v['word']}.plan"}),
        'Error: Backend initialization required, please run "terraform init" (module {word}/{id})',
        lambda v: (
            ("bash", {"command": "terraform init"}),
            ("bash", {"command": f"terraform plan -out {v['word']}.plan"}),
        ),
        (r"terraform plan", r"terraform init"),
    ),
    Trap(
        "compress-first",
        lambda v: ("upload_report", {"file": f"{v['word']}-report.pdf"}),
        "upload of {word}-report.pdf refused: {n} MB is over the limit of 10 MB",
        lambda v: (
            ("compress_file", {"file": f"{v['word']}-report.pdf"}),
            ("upload_report", {"file": f"{v['word']}-report.small.pdf"}),
        ),
        (r"upload_report", r"compress_file"),
    ),
    Trap(
        "ssh-host-alias",
        lambda v: ("bash", {"command": f"ssh deploy@{v['word']}.internal uptime"}),
        "ssh: connect to host {word}.internal port 22: Connection timed out",
        lambda v: (("bash", {"command": f"ssh -J bastion deploy@{v['word']}.internal uptime"}),),
        (r"ssh", r"-J"),
    ),
    Trap(
        "unlock-before-edit",
        lambda v: ("update_page", {"page": f"{v['word']}/{v['other']}", "text": "New text."}),
        "page {word}/{other} is locked by the publishing job {id}",
        lambda v: (
            ("unlock_page", {"page": f"{v['word']}/{v['other']}"}),
            ("update_page", {"page": f"{v['word']}/{v['other']}", "text": "New text."}),
        ),
        (r"update_page", r"unlock_page"),
    ),
)
