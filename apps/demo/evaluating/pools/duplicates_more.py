# ruff: noqa: E501 -- what is said, as it is said
"""The same told twice, in more ways: short, as a list, at length, in part; rules may be improved on it."""

from apps.demo.evaluating.pools import pairs

TOLD_TWICE = pairs("""
= dns-ttl
@ /dns/ttl.md
Lower the TTL to 60 a day before a move. Put it back to 3600 after.
@ /network/moving-a-service.md
# Moving a service

One day ahead of the move the TTL of the record is lowered to 60 seconds; once it is done, the TTL goes back to 3600.

= coffee-grinder
@ /bar/grinder.md
# Grinder

- 18 g in, 36 g out, 28 seconds
- too fast: finer
- clean the burrs on Sunday
@ /barista/espresso.md
# Dialling in

An espresso takes 18 g of coffee and gives 36 g in about 28 seconds. If it runs through too fast, grind finer. Every Sunday the burrs are cleaned.

= passport-photos
@ /studio/passports.md
# Passport pictures

Neutral face, mouth closed, eyes open. No glasses. Grey background, 35 by 45 mm.
@ /photos/id-pictures.md
# Pictures for identity cards

They measure 35 x 45 mm in front of something grey. Customers take off their glasses, keep the mouth shut and the eyes open, and do not smile.

= vaccine-fridge
@ /pharmacy/fridge.md
# Fridge

Between 2 and 8 degrees, read twice a day. When the alarm rings, move everything into the second fridge and phone Dr. Brandt. Do not throw anything away before she has said so.
@ /vaccines/cooling.md
# Cooling of vaccines

Temperature is read in the morning and in the evening and must be 2 to 8 degrees. On an alarm everything goes to the second fridge; Dr. Brandt is called, and nothing is discarded until she agrees.

= terraform-state
@ /infra/terraform.md
# Terraform

Never run `terraform apply` from a laptop. Plans are made in CI and applied from there after a review. The state is in the bucket `tf-state-prod`.
@ /infra/how-we-apply.md
# Applying changes

Apply happens in CI only, once somebody has reviewed the plan; a laptop never runs `terraform apply`.

= chess-club-keys
@ /club/keys.md
# Keys

Two keys: one with the caretaker, one with Hana. Lock the window in the kitchen. Lights in the hall go off by themselves.
@ /club/closing-up.md
# Closing up

Close the kitchen window. You need not switch off the hall, its lights do that alone. Of the two keys Hana has one and the caretaker the other.

= piano-tuning
@ /hall/piano.md
# Piano

Tuned to 442 Hz on the morning of each concert. Humidity between 45 and 55 %. Nobody moves it without the tuner.
@ /concerts/instrument.md
# The instrument

On concert days the piano is tuned in the morning, at 442 Hz. It wants 45 to 55 % humidity and is not moved unless the tuner is there.

= refund-abuse
@ /support/refunds.md
# Refunds

If the parcel is lost, refund at once and claim it from the carrier. More than three lost parcels in a year at one address: hand it to the fraud team, do not accuse the customer.
@ /shop/lost-parcels.md
# Lost parcels

A lost parcel is paid back immediately; we get the money from the carrier. An address with more than three of them within a year is a case for the fraud team. The customer is never accused.

= pr-size
@ /engineering/pull-requests.md
# Pull requests

- under 400 lines
- one thought each
- screenshots for anything one can see
@ /review/what-we-ask.md
# What reviewers ask for

Keep it below 400 lines and to a single thought. Whatever is visible comes with screenshots. Answer comments within a day. Merge it yourself after the second approval.

= olive-harvest
@ /grove/harvest.md
# Harvest

Pick when a third has turned. Mill within 24 hours. Nets, not ladders, on the lower terraces.
@ /oil/milling.md
# From tree to mill

Olives are picked once one in three has changed colour, and milled no later than 24 hours after. On the lower terraces we use nets in place of ladders.

= exam-proctoring
@ /exams/rules.md
# In the room

Bags at the wall, phones in the box. Nobody leaves in the last quarter of an hour. A sheet without a number is not marked.
@ /teaching/invigilating.md
# Invigilating

Phones go into the box, bags are put along the wall. During the final fifteen minutes no one may leave. Sheets lacking a number are not marked.

= ssl-renewal
@ /ops/certs.md
# Certificates

`certbot renew` runs nightly. After a renewal nginx must be reloaded: `systemctl reload nginx`. The wildcard one is renewed by hand as our DNS host has no API.
@ /runbooks/tls.md
# TLS

Renewal is automatic (`certbot renew`, each night), but reload nginx afterwards with `systemctl reload nginx`. Only the wildcard is done by hand: the DNS host offers no API.

= deaf-guests
@ /hotel/deaf-guests.md
# Deaf guests

A lamp instead of the bell, and a vibrating alarm from the desk. Write, do not shout.
@ /reception/hearing.md
# Guests who do not hear

Give them the vibrating alarm from the desk and switch the room from bell to lamp. Writing helps; shouting does not.

= grant-reports
@ /grants/reports.md
# Reports to funders

The ministry wants figures per quarter, in the form F7, signed by two. The foundation wants a letter of two pages and pictures. Late reports cost us the next instalment.
@ /funding/reporting.md
# Reporting

Ministry: form F7 each quarter, with figures and two signatures. Foundation: a two-page letter, with pictures. If we are late the next instalment is not paid.

= sharpening
@ /workshop/chisels.md
# Chisels

Ground to 25 degrees, honed to 30. Flatten the back once. Strop after every hour of work.
@ /tools/sharpening-chisels.md
# Sharpening

A chisel is honed at 30 degrees on a bevel that was ground at 25. Its back is flattened only once. After each hour of working, strop it.

= seed-data
@ /dev/database.md
# Local database

`make db` drops it and loads `fixtures/base.sql`. It needs Docker running. Login afterwards: admin / admin.
@ /onboarding/setup.md
# Setting up

Start Docker, then `make db`: it drops the local database and loads fixtures/base.sql. You can log in as admin with the password admin. Node 20 is needed for the front end; `nvm use` picks it. Editors are up to you.

= ring-before-delivery
@ /delivery/pianos.md
# Large goods

The driver rings half an hour before. Two people carry. Old furniture is taken along for 40 EUR if it was booked.
@ /logistics/two-man.md
# Two-man deliveries

Large goods are carried by two. Customers get a call from the driver 30 minutes ahead. We take old furniture away for 40 EUR, where that has been booked.

= tone-for-press
@ /press/tone.md
# Tone

No superlatives. Numbers with a source. Quotes are approved by whoever is quoted. Embargo in the first line.
@ /pr/releases.md
# Press releases

The first line tells the embargo. Avoid superlatives, give the source of each number, and have quotations approved by the person quoted.

= python-versions
@ /python/versions.md
Python 3.12 everywhere. `uv python pin 3.12`. Lambda is still on 3.11, so no `type X = ...` there.
@ /backend/python.md
# Which Python

We are on Python 3.12, pinned with `uv python pin 3.12`. The exception is Lambda with 3.11: the new `type X = ...` statement does not work in it.

= lost-badge
@ /security/badges.md
# Lost badges

Report within the hour; the desk blocks it. A new one costs 15 EUR and takes a day. Never lend yours.
@ /building/access.md
# Getting in

Badges are not lent to anybody. If yours is lost tell the desk inside an hour so that they block it; a replacement is there the next day for 15 EUR. Visitors get a red one. Bicycles go into the cellar.

= pruning
@ /orchard/pruning.md
# Pruning

Apples in February, cherries after the harvest. Cut above a bud that looks outward. Wounds wider than a coin are left open.
@ /garden/fruit-trees.md
# Fruit trees

We prune apple trees in February and cherries once they are harvested, always above an outward bud. No wax on wounds, large ones stay open as well.

= incident-roles
@ /incidents/roles.md
# Roles

One leads and does not type. One writes the timeline. One speaks to customers, every thirty minutes, also when nothing is new.
@ /oncall/during-an-incident.md
# During an incident

The lead keeps hands off the keyboard. A second person keeps the timeline. A third informs customers each half hour even without news.

= vpn-in-long-note
@ /it/vpn.md
# VPN

Use profile `full` when abroad. The token lasts ten hours. If it hangs at 98 %, restart the adapter.
@ /it/working-from-elsewhere.md
# Working from elsewhere

Tell your lead beforehand. Laptops are encrypted and stay in hand luggage. Outside the country take the VPN profile `full`; inside, `split` is enough. A VPN token is good for ten hours. When connecting hangs at 98 %, restart the network adapter. Screens have a privacy filter on trains. Hotel printers are not used. Calls about customers are made in a room with a door.

= ladder-in-safety
@ /site/ladders.md
Ladders: three points of contact, one rung per hand, tied at the top above 5 m.
@ /site/safety.md
# Safety on site

- helmet from the gate on
- boots with steel caps
- on a ladder keep three points of contact
- ladders over 5 m are tied at the top
- no music in the ears
- whoever sees a loose plank says so at once

= two-long-paragraphs
@ /museum/school-visits.md
# School visits

A class has at most twenty-eight children and is met at the side door by two guides, because the main hall is too loud in the morning. Bags stay in the blue crates. We begin with the ship, since it is what they came for, and end in the workshop, where each child takes home what it has made. Teachers pay nothing. Groups that come more than fifteen minutes late lose the workshop.
@ /education/classes.md
# When a class comes

Two guides wait at the side door; the main hall in the morning is too loud for it. Blue crates take the bags. First comes the ship, as that is why children are here, last the workshop, from which every child carries something home. No more than 28 to a class. For teachers it is free. If they are over a quarter of an hour late there is no workshop.

= retries-in-two-places
@ /http/retries.md
Retry 502/503/504 only. Backoff 1, 2, 4 s. Never retry a POST without an idempotency key.
@ /libraries/http-client.md
# HTTP client

The client repeats a call on 502, 503 and 504, after one, two and four seconds, and on nothing else. POST is repeated only with an idempotency key.

= snakes
@ /reptiles/feeding.md
# Feeding snakes

Frozen mice only, thawed at room temperature. Never feed in the terrarium; use the grey box. Two keepers for anything over two metres.
@ /keepers/snake-meals.md
# Meals for the snakes

A snake is fed in the grey box and not where it lives. Mice come from the freezer and thaw on the table. If it is longer than 2 m a second keeper must be there.

= bank-holidays
@ /shop/holidays.md
# Holidays

We do not ship on public holidays of Bavaria. Orders placed the evening before go out on the next working day.
@ /warehouse/closed-days.md
# Days on which we are closed

Nothing leaves the warehouse on a Bavarian public holiday. What was ordered on the eve is sent the following working day.

= rope-check
@ /climbing/ropes.md
# Ropes

Look at the whole length before every course. A rope that has held a hard fall is cut up. None is older than six years.
@ /course/material.md
# Material

- go through each rope from end to end before a course starts
- hard fall: cut it to pieces at once
- retire after 6 years at the latest

= choir-rehearsal
@ /choir/rehearsals.md
# Rehearsals

Tuesdays at 19:30, doors from 19:00. Ten minutes of warming up, then the hardest piece. Whoever misses two before a concert does not sing in it.
@ /singers/rules.md
# For singers

We rehearse on Tuesday, 19:30; the house opens half an hour earlier. After warming up comes whatever is most difficult. Two rehearsals missed ahead of a concert means not singing in it.

= log-levels
@ /code/logging.md
# Logging

ERROR wakes somebody, so only for what needs a person tonight. WARNING is read in the morning. No personal data, never the body of a request.
@ /guides/log-levels.md
# Which level

Use ERROR for things that cannot wait until tomorrow: it pages. WARNING gets looked at the next morning. Request bodies and personal data must not be logged.

= house-plants
@ /office/watering.md
# Watering

Mondays and Thursdays, with what is left in the jugs. The palm in the lobby belongs to the landlord, leave it alone. The cactus gets a cup per month.
@ /facility/green.md
# Plants

We water on Monday and Thursday from the leftover jugs. One cup a month will do for the cactus. Do not touch the palm downstairs in the lobby, it is the landlord's.

= translation-memory
@ /translation/memory.md
# Translation memory

Matches below 85 % are translated anew. Tags stay where they are. Update the memory after the review, not before.
@ /cat/matches.md
# Matches

We only take over matches from 85 % up. Do not move tags. The memory is updated once the reviewer is through.

= night-train
@ /travel/trains.md
# Night trains

Book the sleeper ninety days ahead, when they open. A compartment of one's own only above eight hours. The receipt is in the app, not on the ticket.
@ /booking/sleepers.md
# Sleepers

Sleepers open 90 days before and are gone fast, so book then. Single compartments are paid for journeys of more than eight hours. For the receipt look into the app; the ticket is none.

= flour-moths
@ /mill/moths.md
# Moths

Pheromone traps in every corner, read on Fridays. Three in one trap: empty the shelf and vacuum the cracks. No spray near food.
@ /store/pests.md
# Pests

Each Friday we read the moth traps in the corners. With three moths in one of them the shelf is cleared and its cracks vacuumed. Spraying is not allowed anywhere near food.

= feature-branches
@ /git/branches.md
Short branches: two days, then merge or throw away. Rebase, don't merge main into them. Delete after merging.
@ /team/git.md
# Git

A branch lives no longer than two days; after that it is merged or dropped. Keep up with main by rebasing. Merged branches are deleted.

= lamp-oil
@ /lighthouse/lamp.md
# The lamp

Lit half an hour before sunset. Both bulbs are tested each morning, the spare one too. In fog the horn sounds every thirty seconds.
@ /keeper/duties.md
# Duties of the keeper

Test both bulbs in the morning. Light the lamp 30 minutes ahead of sunset. Fog: horn each thirty seconds. The log is signed at midnight. Visitors may climb on Sundays between two and four if the wind is below force six.

= secrets-in-ci
@ /ci/secrets.md
# Secrets

They come from the vault at run time. Never print the environment in a job. A secret that was in a log is rotated within the hour.
@ /security/pipelines.md
# Pipelines

Jobs fetch secrets from the vault when they run and may not echo the environment. If one has been logged, rotate it inside one hour.

= tip-sharing
@ /restaurant/tips.md
# Tips

Collected in one jar, split on Sunday by hours worked. The kitchen gets a third. Card tips are paid out in cash.
@ /staff/tips.md
# What happens with tips

All tips go into a common jar. On Sundays they are divided according to hours; one third is for the kitchen. What came by card is handed out in cash.

= alt-text
@ /web/images.md
# Images

Every image has an alt text, or an empty one if it only decorates. Not longer than 120 characters. Don't start with "image of".
@ /accessibility/pictures.md
# Pictures

Say in the alt text what is to be seen, in at most 120 characters and without "image of" at the beginning. Decoration gets an empty alt.

= soil-samples
@ /lab/soil.md
# Soil samples

Five spades per field, mixed in the bucket, half a kilo in the bag. Label: field, day, depth. Dry them at 40 °C, never hotter.
@ /fieldwork/sampling.md
# Sampling

Take soil at five places of a field, mix, and fill half a kilo into a bag with field, day and depth on its label. Samples are dried at no more than 40 °C.

= toddler-nap
@ /kindergarten/naps.md
# Naps

After lunch, an hour at most. Shoes off, own blanket. A child that cannot sleep may look at a book, quietly.
@ /groups/little-ones.md
# The little ones

They sleep up to one hour when lunch is over, each under its own blanket and without shoes. Those who do not fall asleep look at books in silence.
""")
