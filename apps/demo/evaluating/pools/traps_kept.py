# ruff: noqa: E501 -- what is said, as it is said
"""Traps that no rule was improved on: only for seeds that are looked at in the end."""

from apps.demo.evaluating.traps import Trap, shell

TRAPS: tuple[Trap, ...] = (
    Trap(
        "docker-platform",
        shell("docker run {word}:{n}"),
        "exec /usr/bin/{word}: exec format error",
        (shell("docker run --platform linux/amd64 {word}:{n}"),),
        (r"docker run", r"--platform"),
    ),
    Trap(
        "pip-user",
        shell("pip install {word}-tools"),
        "error: externally-managed-environment\n\nThis environment is externally managed; {word}-tools was not installed",
        (shell("pip install --user {word}-tools"),),
        (r"pip install", r"--user"),
    ),
    Trap(
        "curl-redirect",
        shell("curl -f -O https://files.example.org/{word}.tar.gz"),
        "curl: (47) {word}.tar.gz has moved (301), 0 of {n}311 bytes received",
        (shell("curl -f -L -O https://files.example.org/{word}.tar.gz"),),
        (r"curl", r"-L\b"),
    ),
    Trap(
        "psql-tls",
        shell("psql -h db{n}.internal -c 'select count(*) from {word}'"),
        'psql: error: FATAL: no pg_hba.conf entry for host "10.0.{n}.{m}", no encryption',
        (shell("PGSSLMODE=require psql -h db{n}.internal -c 'select count(*) from {word}'"),),
        (r"psql", r"PGSSLMODE"),
    ),
    Trap(
        "rsync-port",
        shell("rsync -a {word}/ backup@store.internal:/srv/{word}/"),
        "ssh: connect to host store.internal port 22: Connection refused\nrsync: connection unexpectedly closed",
        (shell("rsync -a -e 'ssh -p 2222' {word}/ backup@store.internal:/srv/{word}/"),),
        (r"rsync", r"ssh -p|-e\b"),
    ),
    Trap(
        "room-times",
        ("book_room", {"room": "{word}", "start": "{pm}"}),
        "start: '{pm}' is not a time of the form HH:MM",
        (("book_room", {"room": "{word}", "start": "{clock}"}),),
        (r"book_room", r"HH:MM"),
    ),
    Trap(
        "phone-numbers",
        ("send_sms", {"to": "{phone}", "text": "Your parcel {id} is here."}),
        "to: '{phone}' has no country code; numbers begin with + and the country",
        (("send_sms", {"to": "{world_phone}", "text": "Your parcel {id} is here."}),),
        (r"send_sms", r"country"),
    ),
    Trap(
        "shipment-of-order",
        ("get_shipment", {"shipment_id": "A-{n}{m}"}),
        "shipment_id: A-{n}{m} is the number of an order, not of a shipment",
        (
            ("find_shipments_by_order", {"order": "A-{n}{m}"}),
            ("get_shipment", {"shipment_id": "shp_{id}"}),
        ),
        (r"get_shipment", r"find_shipments_by_order"),
    ),
    Trap(
        "event-timezone",
        ("create_event", {"title": "{word} review", "at": "{iso_date} {clock}"}),
        "event '{word} review' refused: attendees sit in several countries, name a timezone",
        (
            (
                "create_event",
                {
                    "title": "{word} review",
                    "at": "{iso_date} {clock}",
                    "timezone": "Europe/Lisbon",
                },
            ),
        ),
        (r"create_event", r"timezone"),
    ),
    Trap(
        "page-size",
        ("list_messages", {"folder": "{word}", "page_size": 500}),
        "page_size 500 is out of range for folder {word} (1 to 100)",
        (("list_messages", {"folder": "{word}", "page_size": 100}),),
        (r"list_messages", r"page.size"),
    ),
    Trap(
        "branch-behind",
        ("merge_pull_request", {"number": "{n}{m}"}),
        "pull request {n}{m} cannot be merged: its branch is behind the base branch",
        (
            ("update_branch", {"number": "{n}{m}"}),
            ("merge_pull_request", {"number": "{n}{m}"}),
        ),
        (r"merge_pull_request", r"update_branch"),
    ),
    Trap(
        "convert-before-import",
        ("import_contacts", {"file": "{word}-list.csv"}),
        "{word}-list.csv, line {n}: byte 0xe9 is no UTF-8",
        (
            ("convert_encoding", {"file": "{word}-list.csv"}),
            ("import_contacts", {"file": "{word}-list.utf8.csv"}),
        ),
        (r"import_contacts", r"convert_encoding"),
    ),
    Trap(
        "late-cancellation",
        ("cancel_booking", {"booking": "{id}"}),
        "booking {id} begins in {n} hours: within 48 hours a reason must be given",
        (("cancel_booking", {"booking": "{id}", "reason": "illness"}),),
        (r"cancel_booking", r"reason"),
    ),
    Trap(
        "bucket-encryption",
        shell("aws s3 cp {word}.csv s3://exports/{word}.csv"),
        "upload failed: ./{word}.csv to s3://exports/{word}.csv An error occurred (AccessDenied) when calling the PutObject operation",
        (shell("aws s3 cp --sse AES256 {word}.csv s3://exports/{word}.csv"),),
        (r"aws s3", r"--sse"),
    ),
    Trap(
        "export-big-tables",
        ("preview_table", {"table": "sales_{word}_{n}"}),
        "table sales_{word}_{n} is too large to be previewed",
        (("export_table", {"table": "sales_{word}_{n}"}),),
        (r"preview_table", r"export_table"),
    ),
    Trap(
        "login-first",
        shell("gcloud run deploy {word}"),
        "ERROR: (gcloud.run.deploy) There was a problem refreshing auth tokens for account {mail}",
        (shell("gcloud auth login"), shell("gcloud run deploy {word}")),
        (r"gcloud run", r"gcloud auth"),
    ),
    Trap(
        "poetry-lock",
        shell("poetry install"),
        "Error: pyproject.toml changed significantly since poetry.lock was last generated.",
        (shell("poetry lock"), shell("poetry install")),
        (r"poetry install", r"poetry lock"),
    ),
    Trap(
        "consent-before-sending",
        ("send_newsletter", {"list": "{word}", "issue": "{n}"}),
        "list {word}: {m} addresses have no consent on record",
        (
            ("remove_unconsented", {"list": "{word}"}),
            ("send_newsletter", {"list": "{word}", "issue": "{n}"}),
        ),
        (r"send_newsletter", r"remove_unconsented"),
    ),
    Trap(
        "centimetres",
        ("order_shelf", {"model": "{word}", "width": "{n}in"}),
        "width: '{n}in' is not understood; widths are whole centimetres",
        (("order_shelf", {"model": "{word}", "width": "{n}2"}),),
        (r"order_shelf", r"width", r"centimet"),
    ),
    Trap(
        "git-rebase",
        shell("git pull"),
        "fatal: Need to specify how to reconcile divergent branches ({word} and origin/{word}).",
        (shell("git pull --rebase"),),
        (r"git pull", r"--rebase"),
    ),
)
