# ruff: noqa: E501 -- what is said, as it is said
"""The same told twice, once more: other trades, other ways to write, and nothing else looked at."""

from apps.demo.evaluating.pools import pairs

TOLD_TWICE = pairs("""
= sourdough-starter
@ /bakery/starter.md
# Starter

Feed it at six in the morning and six in the evening, equal weights of rye flour and water. If it smells of acetone it was left too long: throw half away and feed twice before baking with it.
@ /notes/rye-leaven.md
# Looking after the leaven

- twice daily, 6:00 and 18:00
- as much water as rye flour, by weight
- acetone smell means hungry: discard half, two feeds, then bake

= ward-handover
@ /ward/handover.md
# Handover between shifts

The nurse going off duty walks the round with the one coming on. Allergies are named first, then drips, then who may not eat. Nothing is handed over in the corridor.
@ /ward/rounds.md
# Changing shifts

Outgoing and incoming nurse do the round together, and never hand over out in the corridor. Start with allergies; drips come next; then patients who are fasting.

= varroa-count
@ /hives/mites.md
# Counting mites

Slide the board in for three days, count what has fallen, divide by three. More than ten a day in August: treat with formic acid.
@ /hives/varroa.md
# Varroa

The board stays under the hive for three days. Mites found, divided by three, is the daily drop. In August we treat with formic acid above 10 per day.

= subtitle-speed
@ /subtitles/speed.md
Max. 17 characters per second. Two lines, 42 characters each. Leave 2 frames between subtitles.
@ /style/reading-speed.md
# Reading speed

A subtitle has at most two lines of 42 characters and is read at no more than 17 characters per second. Between one and the next there is a gap of two frames.

= antenna-wind
@ /station/wind.md
# High wind

Above 60 km/h stow the dish pointing at the zenith and set the brakes. Passes that are lost are written into the log with the code WX.
@ /operations/stowing.md
# When the dish is stowed

Wind of more than 60 km/h: dish to zenith, brakes on. Log each missed pass as WX. Unstow after twenty calm minutes.

= mash-temperature
@ /brewing/mash.md
# Mash

For the pale ale, 66 °C for an hour. Stir every ten minutes. Iodine stays yellow when the starch is gone.
@ /recipes/pale-ale.md
# Pale ale

Hold the mash at 66 °C for 60 minutes and stir it each ten. The starch has been converted when the iodine test stays yellow. Then sparge with water of 76 °C until the kettle holds 28 litres. Boil for an hour; Cascade goes in at the start and five minutes before the end.

= interlibrary-loans
@ /loans/other-libraries.md
# Loans from other libraries

We ask the state library first, since they charge nothing. Readers pay 2.50 for anything from abroad. A loan from elsewhere may never be renewed by us; the lender decides.
@ /desk/interlibrary.md
# Interlibrary loan

Try the state library before any other: it is free there. Foreign loans cost the reader 2.50. Do not renew them yourself, as only the lending library can.

= cat-sedation
@ /clinic/cats.md
# Anxious cats

Gabapentin the evening before and two hours ahead of the visit calms most of them. Cover the carrier with a towel. Never put a cat next to a dog in the waiting room.
@ /practice/nervous-patients.md
# Nervous patients

Cats that panic get gabapentin on the night before, and again two hours before they come. A towel goes over the carrier. Cats and dogs do not wait side by side.

= gpu-queue
@ /cluster/jobs.md
# Jobs on the cluster

`sbatch --partition=short` for anything under four hours; it starts at once. Checkpoint every 30 minutes, because `short` may be pre-empted.
@ /ml/where-to-train.md
# Where to train

Runs that need less than 4 h go to the partition called short (`sbatch --partition=short`), where there is no queue. That partition is pre-empted now and then, so write a checkpoint each half hour.

= payroll-cutoff
@ /payroll/cutoff.md
---
owner: payroll
---
# Cut-off

Hours must be in by noon on the 20th. What comes later is paid with next month's salary. Corrections go to payroll@example.org with the staff number in the subject.
@ /hr/late-hours.md
---
tags: [hours, salary]
---
# Late hours

The timesheet closes on the 20th at 12:00; later hours are paid a month later. For a correction, mail payroll@example.org and put the staff number into the subject line.

= acid-waste
@ /lab/waste.md
| what | where |
| --- | --- |
| acids | blue canister, neutralised first |
| solvents with chlorine | red canister |
| broken glass | bucket at the door, never the bin |
@ /lab/disposal.md
# Getting rid of things

Neutralise acids before they go into the blue canister. Chlorinated solvents are collected in the red canister. Broken glass does not belong in the bin but in the bucket by the door.

= avalanche-opening
@ /slopes/opening.md
# Opening the north run

The patrol decides at 7:30. After 30 cm of new snow it is blasted first. It stays shut at level 4 whatever the hotel says.
@ /patrol/north-run.md
# North run

- patrol decides, 7:30
- new snow over 30 cm: blast before opening
- danger level four = closed, no matter what the hotel wants

= live-on-air
@ /studio/live.md
# Going live

Phone off, door shut, red lamp on. Nobody reads numbers live that have not been checked twice. A slip is corrected at once and without a joke.
@ /presenting/on-air.md
# On air

Before the red lamp goes on, doors are closed and phones are off. Figures are checked two times before anyone reads them out live. If you slip, correct it right away; no jokes about it.

= hail-claims
@ /claims/hail.md
# Hail

Hail damage needs three photographs: roof, window, and something for scale. Below 800 EUR no assessor is sent. The deductible is waived if the car stood in a garage that collapsed.
@ /claims/storms.md
# Storm and hail

For hail we ask for three photos, namely of the roof, of a window, and one with a thing for scale. No assessor goes out for damage under 800 EUR. For storm we need the wind report of the nearest station, from force 8 on.

= combine-blockage
@ /machines/combine.md
# When the combine is blocked

Engine off, key in your pocket. Reverse the feeder by hand with the long bar. Do not reach in from the front, ever.
@ /harvest/blocked-header.md
# Blocked header

Switch the engine off and pocket the key before doing anything. With the long bar, turn the feeder backwards by hand. Reaching in from the front is forbidden.

= loan-crates
@ /collection/crates.md
# Crates for loans

A crate rests for 24 hours before it is opened, so that the picture gets used to the climate. The courier is present when it is opened. Photograph all four corners.
@ /exhibitions/unpacking.md
# Unpacking

Leave crates standing a full day, because the works have to get used to the climate. Open them only with the courier there. Each of the four corners is photographed.

= release-notes-tone
@ /writing/release-notes.md
# Release notes

Say what the reader can do now, not what we did. One sentence per change. No internal ticket numbers. Breaking changes on top, with a way to migrate.
@ /docs/changelog-style.md
# How we write the changelog

Put breaking changes at the top and say how to migrate. Every change gets a single sentence about what is possible for the reader now rather than about our work. Ticket numbers from inside stay out.

= migration-locks
@ /db/migrations.md
# Migrations

- `lock_timeout` is 2s in every migration
- indexes: CREATE INDEX CONCURRENTLY, in a migration of their own
- drop a column one release after the code stopped reading it
@ /backend/schema-changes.md
# Changing the schema

Every migration begins with a lock_timeout of 2s so that it cannot hold up the site. An index is built with CREATE INDEX CONCURRENTLY and gets its own migration. A column may be dropped only in the release after the one in which code has ceased to read it.

= two-week-menu
@ /canteen/menu.md
Menus are planned for two weeks. Fish on Fridays. One dish each day without meat. Nuts are marked with N.
@ /kitchen/planning.md
# Planning

We plan two weeks of menus at a time. There is one meatless dish per day, and on Friday fish. Dishes with nuts get an N on the menu. Orders for the wholesaler leave by Wednesday. Leftovers are offered to staff after two.

= pool-chlorine
@ /pool/chlorine.md
# Chlorine

Measure at 8, 13 and 18 h. Between 0.3 and 0.6 mg/l is right. Over 1.2 the pool is cleared.
@ /lifeguards/water.md
# The water

Free chlorine should lie between 0.3 and 0.6 mg/l. It is measured three times, at 8, 13 and 18 h. Everybody has to leave the pool above 1.2.

= invoice-language
@ /invoices/language.md
# Language

Invoices are written in the language of the order. If in doubt, English. Amounts keep the customer's currency.
@ /accounts/foreign-invoices.md
# Invoices to other countries

An invoice takes the language in which the order came, and English when that is unclear; its amounts stay in the currency of the customer.

= tree-felling
@ /forest/felling.md
# Felling

Two tree lengths is the distance everybody keeps. No felling between March and September, because of nests. Dead trees with woodpecker holes stay.
@ /forest/nesting.md
# Nests

From March to September nothing is felled because birds nest. A dead tree that has holes of woodpeckers is left standing.

= retry-webhook
@ /integrations/webhooks.md
# Webhooks of the shop

They come twice now and then. Store the `event_id` and ignore what you have seen. Answer 200 within five seconds and do the work afterwards, or they stop sending.
@ /shop/duplicate-events.md
# Events that come twice

The shop may deliver a webhook more than once: keep every `event_id` and drop repeats. It also gives up on us when a 200 takes longer than 5 seconds, so answer first and work later.

= interview-quotes
@ /interviews/quotes.md
# Quotes

Whoever is quoted sees the quote before print. They may correct facts, not tone. No answer in two days counts as yes.
@ /desk/authorising.md
# Authorising quotations

People see their quotations before these are printed. Facts can be corrected, the tone cannot. Silence for two days is taken as agreement.
""")
