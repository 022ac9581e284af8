"""What one session shows, told without its values: the first stage of the local engine.

Pure and deterministic. Every observation has spans whose quote is the turn's text at that place.
`details["what"]` says which of these it is, and with it what else `details` hold:

- `error` (mistake): `template` of the message with `<placeholders>`, `program` (the command, or the
  tool), `failing_call` without values, `failed_calls` and `repeated_unchanged` (how often the
  same call was tried again) in this session, `handed_over` afterwards (`1` or `0`); `hints`, a line
  each: where in other results it stood that the call would fail (see `telling.hints`).
- `fix` (workaround): `of` (the key of its error), `way` (`again`: the same command or tool,
  otherwise; `instead`: another one on the same object; `moved`: another host; `handover`), `fix`
  (what one would say was done: `… with --option`, `… after` what was done first), `working_call`
  without values, `fixing_tool`; for tools with named arguments `argument`, `changed` (all that
  were), `added` (`yes`: it had not been given), `named` (the argument whose values now add up to a
  number that the error names), `short` (`1`: they had added up to less) and `form` (as the error
  writes it: `YYYY-MM-DD`); of `argument` `went` and `came` (words of the tool's own), or else
  `origins` (tool and place, a line each, that told the value that worked), `described` (what stood
  there of it, as `field=word`) and `invented` (`1`: no result had told the one that failed); for
  `moved` `old` and `new`.
- `statement` (preference, fact, mistake): `cue` (`standing`, `correction`, `change`, `asked`: that
  is only ever support), `changes`, `refuses` (`yes` or nothing), `sentence` it is part of,
  `numbers` where the statement has `<number>`.
- `grade` (mistake): `cue` `grade`, `sentence` of the grader's explanation, or the criterion and why
  it is not met (`apart`: `yes`, and the quote is the work's); its key is that of the criterion,
  where there is one.
- `rerun` (mistake): the same command again with options more: `program`, `fix`, calls as above.
- `corrected` (mistake): what was done at once after a correction: `by` (`user`, `grader`), `said`,
  `said_words`, `fix`, `program`, `working_call`.
- `handover` (escalation): `how`; `reason_words` written with it, `stems` of these and of what the
  agent said right before, `said` (both, a sentence a line, but those that name somebody), `wishes`
  (what somebody is said to want, a line each, without values and names).
- `path` (workflow): `steps` and `calls`, a line each; one for every session, see `connecting`.
"""

from apps.dreams.findings import Observation, Transcript
from apps.dreams.local.calls import calls_of
from apps.dreams.local.observing.failures import failures_in
from apps.dreams.local.observing.handovers import handovers_in
from apps.dreams.local.observing.paths import path_of
from apps.dreams.local.observing.redoing import grades_in, redone_in, shortfalls_in
from apps.dreams.local.observing.statements import statements_in

VERSION = "8"
"""Grows with every change of what is observed: what was observed by another version is not used."""


def observe(transcript: Transcript) -> list[Observation]:
    """Everything that may turn out to recur."""
    calls = calls_of(transcript)
    path = path_of(transcript, calls)
    return [
        *([path] if path else ()),
        *failures_in(calls),
        *statements_in(transcript),
        *redone_in(transcript, calls),
        *grades_in(transcript),
        *shortfalls_in(transcript),
        *handovers_in(transcript, calls),
    ]
