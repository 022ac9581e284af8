# ruff: noqa: E501 -- what is said, as it is said
"""Traps that rules may be improved on."""

from apps.demo.evaluating.traps import Trap, shell

TRAPS: tuple[Trap, ...] = (
    Trap(
        "kubectl-namespace",
        shell("kubectl apply -f deploy/{word}.yaml"),
        'error: the namespace from the provided object "{other}" does not match the namespace'
        " \"default\". You must pass '--namespace={other}' to perform this operation.",
        (shell("kubectl apply --namespace={other} -f deploy/{word}.yaml"),),
        (r"kubectl apply", r"--namespace"),
    ),
    Trap(
        "iso-dates",
        ("search_orders", {"customer": "{word}", "since": "{us_date}"}),
        "since: '{us_date}' is not a date of the form YYYY-MM-DD",
        (("search_orders", {"customer": "{word}", "since": "{iso_date}"}),),
        (r"search_orders", r"YYYY-MM-DD"),
    ),
    Trap(
        "customer-by-mail",
        ("get_customer", {"customer_id": "{mail}"}),
        "customer_id: '{mail}' is no customer id (expected cus_ and 8 characters)",
        (
            ("find_customer_by_email", {"email": "{mail}"}),
            ("get_customer", {"customer_id": "cus_{id}"}),
        ),
        (r"get_customer", r"find_customer_by_email"),
    ),
    Trap(
        "git-upstream",
        shell("git push"),
        "fatal: The current branch {word}-{n} has no upstream branch.",
        (shell("git push --set-upstream origin {word}-{n}"),),
        (r"git push", r"--set-upstream"),
    ),
    Trap(
        "npm-peers",
        shell("npm install {word}-ui"),
        "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree for {word}-ui@{n}.0.1",
        (shell("npm install --legacy-peer-deps {word}-ui"),),
        (r"npm install", r"--legacy-peer-deps"),
    ),
    Trap(
        "read-in-parts",
        ("read_file", {"path": "exports/{word}.csv"}),
        "exports/{word}.csv has {n}4211 lines; at most 2000 are read at once, give offset and limit",
        (("read_file", {"path": "exports/{word}.csv", "offset": 0, "limit": 2000}),),
        (r"read_file", r"limit"),
    ),
    Trap(
        "invoice-currency",
        ("send_invoice", {"invoice": "{id}", "to": "{mail}"}),
        "invoice {id}: a currency is required for customers outside the euro area",
        (("send_invoice", {"invoice": "{id}", "to": "{mail}", "currency": "GBP"}),),
        (r"send_invoice", r"currency"),
    ),
    Trap(
        "partition-filter",
        ("run_query", {"sql": "select count(*) from events where shop = '{word}'"}),
        "query {id} refused: table events is partitioned, a filter on dt is required",
        (
            (
                "run_query",
                {
                    "sql": "select count(*) from events where shop = '{word}' and dt >= '{iso_date}'",
                },
            ),
        ),
        (r"run_query", r"\bdt\b"),
    ),
    Trap(
        "terraform-init",
        shell("terraform plan -out {word}.plan"),
        'Error: Backend initialization required, please run "terraform init" (module {word}/{id})',
        (shell("terraform init"), shell("terraform plan -out {word}.plan")),
        (r"terraform plan", r"terraform init"),
    ),
    Trap(
        "compress-first",
        ("upload_report", {"file": "{word}-report.pdf"}),
        "upload of {word}-report.pdf refused: {n} MB is over the limit of 10 MB",
        (
            ("compress_file", {"file": "{word}-report.pdf"}),
            ("upload_report", {"file": "{word}-report.small.pdf"}),
        ),
        (r"upload_report", r"compress_file"),
    ),
    Trap(
        "ssh-host-alias",
        shell("ssh deploy@{word}.internal uptime"),
        "ssh: connect to host {word}.internal port 22: Connection timed out",
        (shell("ssh -J bastion deploy@{word}.internal uptime"),),
        (r"ssh", r"-J"),
    ),
    Trap(
        "unlock-before-edit",
        ("update_page", {"page": "{word}/{other}", "text": "New text."}),
        "page {word}/{other} is locked by the publishing job {id}",
        (
            ("unlock_page", {"page": "{word}/{other}"}),
            ("update_page", {"page": "{word}/{other}", "text": "New text."}),
        ),
        (r"update_page", r"unlock_page"),
    ),
    Trap(
        "tests-need-src",
        shell("pytest tests/{word}"),
        "ModuleNotFoundError: No module named '{word}_app'",
        (shell("PYTHONPATH=src pytest tests/{word}"),),
        (r"pytest", r"PYTHONPATH"),
    ),
    Trap(
        "old-scp",
        shell("scp {word}.zip deploy@files.internal:/in/"),
        "scp: subsystem request failed on channel 0: {word}.zip was not copied",
        (shell("scp -O {word}.zip deploy@files.internal:/in/"),),
        (r"scp", r"-O\b"),
    ),
    Trap(
        "whole-cartons",
        ("quote_price", {"product": "{word}", "quantity": "{n}"}),
        "quantity must be a whole number of cartons (12 pieces), got {n}",
        (("quote_price", {"product": "{word}", "quantity": "{dozens}"}),),
        (r"quote_price", r"quantity", r"carton"),
    ),
    Trap(
        "clean-room-first",
        ("check_in_guest", {"room": "{n}{m}", "guest": "{word}"}),
        "room {n}{m} has not been released by housekeeping",
        (
            ("release_room", {"room": "{n}{m}"}),
            ("check_in_guest", {"room": "{n}{m}", "guest": "{word}"}),
        ),
        (r"check_in_guest", r"release_room"),
    ),
    Trap(
        "patient-number",
        ("get_prescription", {"patient": "{word} {other}"}),
        "patient: expected a patient number, '{word} {other}' is a name",
        (
            ("find_patient", {"name": "{word} {other}"}),
            ("get_prescription", {"patient": "P{n}{m}"}),
        ),
        (r"get_prescription", r"find_patient"),
    ),
    Trap(
        "helm-install",
        shell("helm upgrade {word} charts/{word}"),
        'Error: UPGRADE FAILED: "{word}" has no deployed releases',
        (shell("helm upgrade --install {word} charts/{word}"),),
        (r"helm upgrade", r"--install"),
    ),
    Trap(
        "grams",
        ("create_label", {"parcel": "{id}", "weight": "{n} lb"}),
        "weight: '{n} lb' cannot be read, give whole grams",
        (("create_label", {"parcel": "{id}", "weight": "{n}00"}),),
        (r"create_label", r"weight", r"gram"),
    ),
    Trap(
        "closed-period",
        ("post_entry", {"account": "{n}00", "amount": "{m}.50"}),
        "account {n}00: a cost centre is required since this account is split",
        (("post_entry", {"account": "{n}00", "amount": "{m}.50", "cost_centre": "K{n}"}),),
        (r"post_entry", r"cost.centre"),
    ),
)
