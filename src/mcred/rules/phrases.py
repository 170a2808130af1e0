"""Words and phrases that rules look for, by language, each with where it is from. Add a language as another line."""

import re

VAGUE = {
    # mcred's own advice. Not here, since published standards and profiles have them: `demonstrate understanding of`,
    # `have knowledge of`, `be skilled in`.
    "en": ("understand", "know", "appreciate", "learn", "be aware of", "be familiar with"),
}
"""What an outcome should not begin with, because nobody can see or hear it done. No list for te reo Māori was found."""

LEAD_IN = re.compile(
    r"^(?:the |each |every )?(?:ākonga/)?(?:learner|student|graduate|holder|participant|ākonga|tauira)s?"
    r" (?:(?:will be|is|are) able to|can|will) "
)
"""What stands before the verb of an outcome, as published profiles have it, in lower case."""

_AROUND = r"[^\w\0]*"
"""What may stand around such words: anything but letters and numbers, and not the end of the text."""

FOR_LATER = (
    rf"(?=[\Wtfxli])(?:{_AROUND}(?:tb[acd]|"
    r"to be (?:added|advised|announced|completed|confirmed|decided|determined|provided|written)|"
    rf"todo|fixme|x{{3,}}|lorem ipsum\b[^\0]*|insert (?:text|title|name|outcome)s? here){_AROUND}"
    r"|\?{2,}|\.{3,}|…+)"
)
"""A text that says no more than that one is to come, in small letters or capitals. mcred's own list.

The first letters stand before the words: nearly every text begins with another, and is passed over at once.
"""

NOT_APPLICABLE = rf"(?=[\Wn]){_AROUND}(?:n\s?/\s?a|n\.\s?a\.?|not applicable){_AROUND}"
"""A text that says no more than that there is none, in small letters or capitals.

Seen in the pathways of published registers: `N/A`.
"""

PATHWAY = re.compile(
    r"^\W*(?:(?:education|employment|career|cultural|community)(?:al)? )?pathways?\s*:"
    r"|(?:^|[.!?;]\s+)(?:this|it|(?:the )?(?:micro-?credential|award|course|programme|(?:learner|graduate|holder)s?))\b"
    r"[^.!?;]{0,60}\b(?:leads?|progress(?:es)?|staircases?|pathways?|go(?:es)? on) (?:on )?(?:in)?to\b"
    r"[^.!?;]{0,80}\b(?:certificate|diploma|degree|bachelor|qualification|micro-?credential|apprenticeship|employment)",
    re.IGNORECASE,
)
"""A sentence that says where an award leads, and not what its holder can do. mcred's own list."""
