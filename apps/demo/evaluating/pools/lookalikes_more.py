# ruff: noqa: E501 -- what is said, as it is said
"""More look-alikes: the same topic and other facts, one template, one sentence in common."""

from apps.demo.evaluating.pools import pairs

ALIKE = pairs("""
= dns-and-dhcp
@ /network/dhcp.md
# DHCP

Leases last eight hours. Printers have fixed addresses. The range ends at .199.
@ /network/dns.md
# DNS

Internal names end in .lan. Secondaries pull every ten minutes. Ask Ruben for a new zone.

= espresso-and-filter
@ /bar/filter.md
# Filter coffee

60 g to the litre, water at 94 degrees, four minutes. Throw it away after half an hour.
@ /bar/milk.md
# Milk

Steam it to 60 degrees. Never heat it twice. Oat milk foams better when it is cold.

= passports-and-weddings
@ /studio/weddings.md
# Weddings

Two cameras, cards of 128 GB. The first dance is filmed. Pictures are there after three weeks.
@ /studio/school-classes.md
# Classes

One picture of all, one of each child. Parents order online. A list of names comes from the school.

= fridge-and-safe
@ /pharmacy/safe.md
# Safe

Opiates are counted at every change of shift by two. The book has no empty lines. Keys never leave the house.
@ /pharmacy/ordering.md
# Orders

Wholesale orders go out at 11 and 16 h. Returns have a yellow form. Opiates need a form of their own.

= terraform-and-kubernetes
@ /infra/kubernetes.md
# Kubernetes

Every pod has limits. `kubectl` on production only with a colleague watching. Namespaces are named like teams.
@ /infra/alerts.md
# Alerts

An alert without a runbook is deleted. Pages only for what customers notice. Everything else is a ticket.

= two-cities
@ /offices/lisbon.md
# Lisbon

Open from 9 to 19. The code of the door changes monthly. Lunch is around the corner at Rosa's.
@ /offices/oslo.md
# Oslo

Open from 8 to 17. Badges at the desk. Skis stay in the cellar.

= refunds-and-vouchers
@ /support/vouchers.md
# Vouchers

Vouchers hold for three years. They are never paid out. A lost code is replaced once.
@ /support/complaints.md
# Complaints

Answer within a day. Say sorry once. A complaint about a person goes to the head of the shop.

= reviews-and-releases
@ /engineering/releases.md
# Releases

Tuesdays and Thursdays, before noon. Whoever merged last watches the graphs for an hour.
@ /engineering/branches.md
# Branches

Named after the ticket. They live for three days at most. `main` is always green.

= oil-and-wine
@ /cellar/wine.md
# Wine

Bottled in March. Sulphur below 80 mg. The press is washed with cold water only.
@ /cellar/barrels.md
# Barrels

Topped up weekly. Burn a sulphur strip in empty ones. Five years, then they are sold.

= exams-and-marks
@ /exams/marking.md
# Marking

Two mark each sheet without seeing the other's points. Above five points apart a third one reads it.
@ /exams/retaking.md
# Retaking

Once, within a year. Illness needs a doctor's note on the third day at the latest.

= certs-and-dumps
@ /ops/dumps.md
# Dumps

`pg_dump` runs nightly at 01:30. Dumps older than 14 days are removed. One a month is kept in the vault.
@ /ops/logs.md
# Logs

`logrotate` runs nightly. Logs older than 30 days are removed. Access logs have no addresses in them.

= two-machines
@ /workshop/lathe.md
# Lathe

No gloves. Hair tied. The key is never left in the chuck. Clean up before you go.
@ /workshop/table-saw.md
# Table saw

The riving knife stays on. A push stick below 12 cm. Clean up before you go.

= same-heading-other-lists
@ /onboarding/first-day.md
# First day

- laptop from Ines
- badge from the desk
- lunch with the team
@ /onboarding/first-week.md
# First week

- a ticket labelled `starter`
- a visit to the warehouse
- sit with support for half a day

= two-apis
@ /apis/weather.md
# Weather API

Base: https://api.weather.example/v2. Limit: 60 calls a minute. 429 has a Retry-After. Ask in UTC.
@ /apis/maps.md
# Maps API

Base: https://maps.example/api. Limit: 25 calls a second. 403 means the key is used from a wrong host.

= deliveries-and-returns
@ /logistics/returns.md
# Returns

The customer prints the label. Large goods are fetched. Damaged ones are photographed before they are put away.
@ /logistics/customs.md
# Customs

Norway and Switzerland need three copies of the invoice. The tariff number stands on the label.

= press-and-social
@ /press/interviews.md
# Interviews

Only Lena and the director give them. Ask for the questions beforehand. Nothing about figures of the running year.
@ /press/social.md
# Social media

Two posts a week. Comments are answered within four hours. No jokes about competitors.

= python-and-node
@ /node/versions.md
Node 20 everywhere. `nvm use`. Pin exact versions in package.json.
@ /rust/versions.md
Rust stable. `rustup update` on Mondays. MSRV is 1.78 for the library.

= apples-and-potatoes
@ /garden/potatoes.md
# Potatoes

In the ground from mid April. Earthed up twice. Not where tomatoes were.
@ /garden/compost.md
# Compost

Turned in spring and autumn. No meat. Two years until it is ready.

= incidents-and-postmortems
@ /incidents/postmortems.md
# Postmortems

Within five days, without blame. At most three actions, each with a name and a day.
@ /incidents/severity.md
# Severity

1: customers cannot pay. 2: something is slow or wrong for many. 3: the rest. Only 1 wakes people.

= client-tones
@ /clients/meridian.md
# Meridian

Formal. Addressed by surname. Reports on the first of the month, as PDF.
@ /clients/tolstoi.md
# Tolstoi

Casual. First names. Reports when something happens, in the chat.

= ask-before-in-common
@ /budget/travel.md
# Travel budget

Ask Priya before booking. 1,200 EUR a year per head. Trains before planes. Days off around a trip are your own.
@ /budget/books.md
# Book budget

Ask Priya before booking. Books stay in the library. Courses count double. What is left in December lapses.

= queue-and-cache
@ /backend/queue.md
# Queue

Tasks must be safe to run twice. A task that takes over ten minutes is split. Failed ones are kept for a week.
@ /backend/cache.md
# Cache

Keys carry a version. Nothing is cached for more than a day. The cache may vanish at any time.

= overview-that-touches
@ /start/new-colleagues.md
# New colleagues

Your badge is at the desk. The VPN profile is `split`. Lunch is at noon. Holidays are asked for in the portal. Your buddy shows you the workshop. Ask anything.
@ /hr/holidays.md
# Holidays

Ask for holidays in the portal, two weeks ahead. Five days may be carried over to March. On bridge days the newest decides last.

= ladders-and-scaffolds
@ /site/scaffolds.md
# Scaffolds

Tagged green by the foreman each morning. Nobody climbs outside. No more than 200 kg to a bay.
@ /site/cranes.md
# Cranes

One signaller, in yellow. Nobody stands under a load. Above 50 km/h of wind it weathervanes.

= visits-and-birthdays
@ /museum/birthdays.md
# Birthdays

Twelve children at most, from six years on. The cake comes with them; candles are allowed in the workshop only.
@ /museum/tours.md
# Tours

Every hour, from the main hall, in English at two. Twenty people at most. Dogs wait outside.

= timeouts-and-pools
@ /http/timeouts.md
Connect 3 s, read 30 s. A streamed answer has no read timeout but a heartbeat every 15 s.
@ /http/pools.md
Twenty connections per host. Idle ones are closed after 60 s. DNS is asked again every 5 min.

= two-deploys
@ /deploys/shop.md
# Deploying the shop

Run `ship shop`, watch the error rate for ten minutes, tell #shop. Ana approves. Never on Fridays.
@ /deploys/blog.md
# Deploying the blog

Run `ship blog`, look at the front page, tell #marketing. Nobody needs to approve.

= two-suppliers
@ /suppliers/hansen.md
# Hansen

Order by mail before Tuesday noon, delivery on Thursday. Invoice goes to accounting. Ask for Birgit.
@ /suppliers/oakley.md
# Oakley

Order in their portal before Friday, delivery on Monday. Invoice comes with the goods. Ask for Tom.

= two-environments
@ /config/staging.md
# Staging

Database `stage-db`, mail is caught by the sink, payments are played. Reset every night.
@ /config/production.md
# Production

Database `prod-db`, mail goes out, payments are real. A dump is taken every night.

= two-linters
@ /python/lint.md
# Linting Python

`ruff check --fix` before each commit. Ignores carry a reason. Line length is 100.
@ /web/lint.md
# Linting JavaScript

`eslint --fix` before each commit. Disabled rules carry a reason. Semicolons are used.

= two-approvals
@ /approvals/contracts.md
# Contracts

Signed by the director and one other. The original goes to the safe, a scan to the drive.
@ /approvals/purchases.md
# Purchases

Signed by the head of the team. The receipt goes to accounting, a scan to the drive.

= two-errors-of-one-tool
@ /errors/upload-413.md
# 413 when uploading

The proxy cuts off at 20 MB. Upload in parts with `put --chunk 10M`.
@ /errors/upload-403.md
# 403 when uploading

The token has no right to write. Ask for a new one with `auth token --scope write`.

= two-keyboards-of-one-room
@ /rooms/red.md
# Red room

Seats twelve. The screen wants HDMI. The key hangs at the desk; put the chairs back.
@ /rooms/green.md
# Green room

Seats four. The screen is wireless. It has no key; put the cups away.

= three-of-one-kind
@ /reports/sales-weekly.md
# The weekly sales report

Goes to Ines on Monday. One page, figures by region, no forecasts.
@ /reports/sales-yearly.md
# The yearly sales report

Goes to the board in January. Forty pages, figures by product, with a forecast.
""")
