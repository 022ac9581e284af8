"""By which words a person says that something is a rule, is wrong, has changed, or is wished."""

import re
from functools import lru_cache

STANDING, CORRECTION, CHANGE, ASKED = "standing", "correction", "change", "asked"

_WE_DO = (
    "use|call|write|expect|prefer|say|follow|stick to|keep to|keep|spell|insist|tend to|format|"
    r"only \w+|never \w+|always \w+|do it|do this|do that|do not \w+|don't \w+"
)
_WE_DO_NOT = "use|write|do|call|say|send|accept|allow|ship|edit|mark|touch|put|spell|publish|merge"
_OURS = "our|company|team|house|firm's|standing|department's|office"
_RULES = "rule|policy|practice|convention|standard|preference|custom|habit|guideline|norm|style"
_PLACES = "house|team|company|firm|repo|repository|project|office|department|codebase|shop"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_CHANGED = (
    "moved|renamed|replaced|switched|retired|turned off|shut down|deprecated|discontinued|"
    "superseded|changed|raised|lowered|increased|decreased|migrated|updated|extended|shortened|"
    "transferred|relocated|merged|split|taken over"
)
_BECAME = "from|to|into|over|with|by"


def _any(*expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(expressions))


_STANDING = _any(
    r"(?<!'ve )(?<!have )(?<!has )(?<!had )(?<!was )(?<!were )\b(?:always|never)\b(?! mind| heard)",
    r"\b(?:every|each|any) (?:single )?time\b",
    r"\bfrom (?:now|here|today) on(?:wards?)?\b",
    r"\b(?:going forward|henceforth|without (?:exception|fail))\b",
    r"\b(?:at all times|under no circumstances)\b",
    r"\b(?:in|for) (?:the )?future\b|\bnext time\b",
    r"\b(?:like|as) (?:last time|before|usual|always|ever)\b",
    r"\b(?:remember|note|keep in mind|mind) (?:that|to|we|our|the|figures?|it|i)\b",
    r"\b(?:every|each) \w+(?: \w+)? (?:needs?|gets?|has|starts?|begins?|ends?|must|goes|comes)\b",
    r"\b(?:in|of|on|with|to|for|at) every \w+",
    r"\b(?:don't|do not) forget\b",
    r"\b(?:you(?: will)?|as you) (?:know|recall|remember)\b",
    rf"\b(?:{_OURS}) (?:\w+ )?(?:{_RULES})(?:s|es)?\b|\bpolicies\b.{{0,20}}\bour\b",
    rf"\bwe (?:do )?(?:{_WE_DO})\b|\bwe (?:don't|do not) (?:{_WE_DO_NOT})\b",
    r"\bwe(?:'ve| have)? agreed\b|\b(?:the|not) (?:the )?way we (?:do|work|write)\b",
    r"\bwe're used to\b",
    rf"\bin (?:this|our) (?:{_PLACES})\b|\b(?:around|over) here\b",
    r"\bby (?:default|convention)\b|\bas (?:a rule|standard|for everything)\b|\bin all cases\b",
    r"\bwhatever (?:the|it|they|anybody|happens)\b|\bregardless of\b",
    r"\bunless (?:i|we|told|somebody)\b",
    r"\bdon't make me (?:ask|say|repeat)\b",
    r"\b(?:i|we)(?:'ve| have)? (?:already )?(?:told|asked|said)\b",
    r"\bkeep doing\b|\bgoes for (?:all|every\w*)\b|\b(?:holds?|applies) (?:for|to)\b|\bi insist\b",
    r"\bgave (?:that|it)\b.*\bup\b|\bno exceptions?\b|^\W*(?:ever|period|full stop)\W*$",
)
_CORRECTION = _any(
    r"^\W*(?:nope|stop|wait|wrong|careful|hands off|not quite|hold on)\b",
    r"^\W*no \w+(?: \w+){0,3},? please\b",
    r"^\W*no\W+(?:no|not|never|don't|do not|use|keep|please|wrong|the|it's|it is|this|they)\b",
    r"\bthat(?:'s| is| was) (?:not|wrong|incorrect)\b|\bthat (?:can't|cannot) be\b",
    r"\b(?:i|we) (?:meant|said|asked for|wanted)\b|\bnot what (?:i|we)\b|\bwrong\b",
    r"\byou (?:forgot|missed|ignored|misread|misunderstood|mixed|overlooked|skipped|still |again )",
    r"\byou (?:left out|omitted|dropped|didn't|did not|haven't|have not) (?!have\b)",
    r"\byou (?:should|were supposed|shouldn't)\b|\byou're (?:comparing|mixing|using|missing)\b",
    r"\bshould have been\b|\bstill (?:says?|has|have|under|wrong|missing)\b",
)
_CHANGE = _any(
    r"\bno longer\b|\bnot\b[^.;]*\bany ?more\b|\bas of\b|\bfrom today\b",
    r"\bnow,? (?:and )?(?:not|no longer|instead|rather)\b|\bis gone\b",
    r"\b(?:goes|went) (?:up|down)\b",
    rf"\bwe (?:have |'ve )?(?:just )?(?:{_CHANGED}) \w+[^.;]{{0,60}} (?:{_BECAME})\b",
    rf"(?<!to be )\b(?:{_CHANGED}) (?:{_BECAME})\b(?= \S)",
    rf"^(?:\w+ ){{1,4}}(?:{_CHANGED})\W*$",
    rf"\bsince (?:version|v\d|this|last|yesterday|today|we|the|{_MONTHS})\b",
    rf"\b(?:has|have|was|were|is|are|got|been) (?:now )?(?:{_CHANGED})\b",
    r"\bmoved to\b|\brenamed\b|\bswitched (?:to|off|over)\b|\bturned\b[^.]*\boff\b",
    r"\bother way (?:a)?round\b|\bused to be\b|\bformerly\b|\bthe old\b|\breplaces\b",
    r"(?<!right )(?<!just )(?<!until )(?<!for )(?<!set )(?<!^)\bnow\b(?! (?:on|that)\b)(?!,)",
    r"\bthese days\b|\bin force\b|\bwe have (?:a|the) new \w+|\bthe new \w+ (?:is|are|says?|has)\b",
)
_ASKED = _any(
    r"\b(?:please|pls|don't|do not|must|should|only|first|not|without|per|limit|separate)\b",
    r"\bat most\b|\bmax(?:imum)?\b|\bno more than\b|\bno \w+",
    r"\bnothing (?:above|over|below|under)\b",
    r"\b(?:i|we) (?:want|need|like|expect|prefer)\b|\bi'd (?:like|rather|prefer)\b|\bmake sure\b",
    r"^\W*(?:use|write|put|list|keep|make|give|send|avoid|do|mark|replace|order|sort|start|check)\b",
    r"^\W*(?:leave|drop|remove|add|show|call|name|include|shorter?|also|and|style|law|mind)\b",
    r"\bas (?:its|an?) own\b|\bown file\b|\ba section\b",
)
_REQUEST = re.compile(r"^\W*(?:can|could|would|will) you (?:please )?(?!always|never)\w+")
"""A question by its form alone."""
_IN_GENERAL = re.compile(
    r"^(?:all |our )?\w{3,}s (?:\w+ ){0,3}?(?:are|have|go|stay|come|start|begin|end|need|get)\b"
)
_TALK = _any(
    r"\bi (?:don't|do not|didn't|can't) (?:have|remember|recall|know|think|mind|see|want to be)",
    r"\bmy (?:user|order|booking|reservation|account|membership) |\bi(?:'m| am) (?:sorry|afraid)\b",
    r"\bi (?:apologi[sz]e|appreciate|understand|realized|heard|thought)\b",
    r"\b(?:thank|go ahead|proceed)\b|^\W*(?:(?:yes|ok|okay|then|so)\W+)*i(?:'ll| will)\b",
)
_QUESTION = re.compile(r"\?\s*$")


@lru_cache(maxsize=4096)
def cue_of(sentence: str) -> str:
    """What makes a sentence more than talk, or nothing."""
    said = _plain(sentence)
    if _TALK.search(said):
        return ""
    is_question = _QUESTION.search(said) is not None
    if not is_question and _STANDING.search(said):
        return STANDING
    if _CORRECTION.search(said):
        return CORRECTION
    if is_question:
        return ASKED if _REQUEST.search(said) else ""
    if _CHANGE.search(said):
        return CHANGE
    return ASKED if _ASKED.search(said) or _IN_GENERAL.search(said) else ""


@lru_cache(maxsize=4096)
def tells_a_change(sentence: str) -> bool:
    """Whether it says that something is not as it was."""
    return _CHANGE.search(_plain(sentence)) is not None


def _plain(sentence: str) -> str:
    return sentence.lower().replace("’", "'")
