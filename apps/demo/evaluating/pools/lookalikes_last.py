# ruff: noqa: E501 -- what is said, as it is said
"""Look-alikes, once more: the same topic and other facts, one template, one sentence in common."""

from apps.demo.evaluating.pools import pairs

ALIKE = pairs("""
= rye-and-wheat
@ /bakery/rye.md
# Rye bread

Bake at 250 °C for ten minutes, then 200 °C for fifty. Let it stand a day before cutting.
@ /bakery/baguette.md
# Baguettes

Bake at 240 °C with steam for twenty minutes. Sell them within four hours.

= two-drugs
@ /ward/heparin.md
# Heparin

Flush before and after. Write the batch number down. A second nurse checks the dose.
@ /ward/insulin.md
# Insulin

Measure glucose first. A second nurse checks the dose. Change the place of injection every time.

= hive-inspection-and-harvest
@ /hives/inspection.md
# Inspection

Smoke the entrance, wait two minutes, lift the frames from the edge inwards. Look for eggs; you need not see the queen.
@ /hives/harvest.md
# Harvest

Take frames that are capped by two thirds. Brush the bees off in front of the entrance. Spin them the same day.

= subtitles-and-dubbing
@ /dubbing/scripts.md
# Dubbing scripts

Every line begins with a time code and the name of the character. Lip sounds are marked. Laughs are numbered.
@ /subtitles/names.md
# Names in subtitles

The name of a character stands in capitals at the first line they say off screen.

= two-ground-stations
@ /station/north.md
# North station

Dish of 7.3 m, S band only. Key at the farm. The road is closed in winter; use the snowmobile.
@ /station/south.md
# South station

Dish of 11 m, S and X band. Key with the caretaker. The generator is tested on the first Monday.

= stout-and-lager
@ /recipes/stout.md
# Stout

Mash at 68 °C. Roasted barley goes in for the last twenty minutes. Ferment at 20 °C for ten days.
@ /recipes/lager.md
# Lager

Mash at 64 °C. Ferment at 11 °C for three weeks, then keep it cold at 2 °C for six.

= fines-and-reminders
@ /loans/fines.md
# Fines

Children pay none. Adults pay 20 cents a day per book and at most 10 EUR.
@ /loans/lost-books.md
# Lost books

The reader pays the price of a new copy and 5 EUR for the work. Books over twenty years old are written off.

= dogs-and-horses
@ /clinic/dogs.md
# Dogs

Muzzles hang behind the door. Weigh every dog at every visit. Claws are clipped for free with a vaccination.
@ /clinic/horses.md
# Horses

We drive out; the owner holds the horse. Sedation only with a second vet. Write the lot number on the passport.

= cluster-storage-and-access
@ /cluster/storage.md
# Storage

`/scratch` is emptied after 30 days. `/home` has 50 GB and is backed up nightly. Datasets live in `/data`, read only.
@ /cluster/access.md
# Access

Ask the group leader for an account. Log in through the jump host with a key. Accounts of guests end after 90 days.

= payslips-and-expenses
@ /payroll/payslips.md
# Payslips

They are in the portal from the 27th on. Old ones are kept for ten years. Nothing is sent by mail.
@ /payroll/expenses.md
# Expenses

Receipts are photographed in the app within thirty days. Taxi only with a reason. Paid with the next salary.

= acids-and-fume-hood
@ /lab/fume-hood.md
# Fume hood

Sash at the mark, never higher. Whoever uses it empties it in the evening. The flow alarm is tested every Monday.
@ /lab/goggles.md
# Goggles

Goggles from the door on, also for visitors. Lenses of your own are no replacement. Scratched ones are thrown away.

= lifts-and-slopes
@ /slopes/lifts.md
# Lifts

The chair stops at 70 km/h of wind, the gondola at 90. The last ride up is at 16:15.
@ /slopes/grooming.md
# Grooming

Grooming begins at 17:00 and the runs are closed then. The winch cat works with a lamp on; nobody skis below its rope.

= news-and-weather
@ /studio/news.md
# News

Five items at most. Local first. The last one is a kind one. Names of the accused stay out until the sentence.
@ /studio/weather.md
# Weather

Today, tonight, tomorrow, in this order. Temperatures from the coast first. Warnings in the words of the weather office.

= theft-and-water
@ /claims/theft.md
# Theft

We need the police report and the receipts. Bicycles are covered up to 1,500 EUR and only locked.
@ /claims/water.md
# Water damage

We need photographs and the plumber's bill. Drying machines are ordered by us. Mould is covered when reported within two weeks.

= tractor-and-baler
@ /machines/tractor.md
# Tractor

Oil every 250 hours. The fuel filter is changed before harvest. Tyre pressure: 1.6 bar in front, 1.2 at the back.
@ /machines/baler.md
# Baler

Grease the knotters every morning. Twine of 130 m per kilo. Bales of 1.2 m, 18 kilos for a square one.

= loans-out-and-in
@ /collection/lending.md
# Lending

Requests come six months ahead. The borrower pays insurance and courier. Works on paper travel once in three years.
@ /collection/light.md
# Light

50 lux for paper, 200 for oil. Curtains are drawn when the house is closed. The meter is on the guard's desk.

= feature-flags-and-config
@ /backend/flags.md
# Feature flags

Every flag has an owner and an end. Flags older than a quarter are removed. Default is off in production.
@ /backend/config.md
# Configuration

Values come from the environment. No secrets in the repository. A missing value stops the process at start.

= queries-and-backups
@ /db/slow-queries.md
# Slow queries

`EXPLAIN (ANALYZE, BUFFERS)` goes into the ticket. Anything above 500 ms gets one. Ask before adding an index on `orders`.
@ /db/backups.md
# Backups

A full dump at 02:00, WAL every minute. A restore is tried on the first Tuesday. Keys for the bucket are in the vault.

= breakfast-and-lunch
@ /canteen/breakfast.md
# Breakfast

From 7 to 9. Eggs are boiled for six minutes. Oat milk stands beside the machine.
@ /canteen/lunch.md
# Lunch

From 11:30 to 13:30. Guests pay 9 EUR. The soup is always without meat.

= sauna-and-slide
@ /pool/sauna.md
# Sauna

From sixteen years on, or with a parent. Towels on the wood. The stove is off at 21:30.
@ /pool/slide.md
# Slide

From eight years on. One at a time, feet first. Closed when only one guard is there.

= quotes-in-two-places
@ /invoices/reminders.md
# Reminders for invoices

The first after ten days, kindly. The second after three weeks with a fee. The third goes to the lawyer. Call before you write.
@ /style/letters.md
# Letters

Call before you write. A letter has one page. The reader's name is spelt as they spell it. Sign with your own name.

= planting-and-trails
@ /forest/planting.md
# Planting

Oak and hornbeam, 2,500 to the hectare. Fence against deer for eight years. Plant in November.
@ /forest/trails.md
# Trails

Signs are repainted in spring. Fallen trees are cleared within three days. Horses only on the wide ones.

= webhooks-and-exports
@ /integrations/exports.md
# Nightly export

A CSV lands in `/out` at 03:00. The first line is a header. Failed exports are repeated at noon.
@ /integrations/imports.md
# Nightly import

A CSV is taken from `/in` at 04:00. Rows without a customer number go to `/rejected`. Ask Milo about encodings.

= two-rules-for-print
@ /desk/headlines.md
# Headlines

Six words. A verb. No question that the text answers with no.
@ /desk/captions.md
# Captions

Say who is seen, from the left. No full stop. The photographer stands upright at the edge.
""")
