"""The bulletin of the day (串联单): the scripts of several articles as the script of one.

The opening gives the headlines (内容提要); each story is announced and is a chapter of its own, its
own headings are subheads there. A story's lines stay as they are, so that what is recorded for it
is not recorded again; bobao's own opening and closing of the story are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from bobao.model import RUNDOWN, Header, Line, LineKind, Paragraph, Script, Section
from bobao.script import signposts
from bobao.script.draft import heading, headline, signpost
from bobao.script.markup import sealed
from bobao.script.notation import DEEPEST
from bobao.script.sentences import sentence_ranges
from bobao.script.signposts import number
from bobao.script.spans import Spans, cut, line, spoken, written
from bobao.script.unread import heard
from bobao.script.wording import Normalise, closed, worded


@dataclass(frozen=True, slots=True)
class Story:
    """One story of a rundown: its script, and the desk's own lead (导语), if it wrote one."""

    script: Script
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """What the bulletin of the day is besides its stories.

    `header` has its slug, title, date and speakers; with `headlines` each story is its title and
    its lead alone; without `signposts` nothing is said but the stories.
    """

    header: Header
    station: str = ""
    headlines: bool = False
    signposts: bool = True
    ai_label: bool = True


def rundown(programme: Programme, stories: Sequence[Story], normalise: Normalise) -> Script:
    """The script of the programme, sealed. Raises `BobaoError` for a date that is none."""
    station = spoken(worded(programme.station, normalise)) if programme.station else ""
    title = headline(programme.header.title, normalise)
    welcome = signposts.say("welcome", station=station) if station else ""
    if not programme.signposts:
        welcome = ""
    sections = [Section(heading(title, welcome), _opening(programme, stories, normalise))]
    for place, story in enumerate(stories, start=1):
        announced = programme.signposts and len(stories) > 1
        post = signposts.say("story", number=number(place)) if announced else ""
        alone = signposts.say("story alone", number=number(place))
        body = _lead(story, normalise) if programme.headlines else _body(story.script)
        sections.append(Section(heading(_title(story), post, alone), body))
    if programme.signposts:
        last = sections[-1]
        closing = (signpost(signposts.closing(station)),)
        sections[-1] = replace(last, paragraphs=(*last.paragraphs, closing))
    names = ", ".join(story.script.header.slug for story in stories)
    header = replace(programme.header, extra=((RUNDOWN, names),))
    return sealed(Script(header, tuple(sections)))


def _opening(
    programme: Programme, stories: Sequence[Story], normalise: Normalise
) -> tuple[Paragraph, ...]:
    """Date, label, and what there will be."""
    iso = programme.header.date if programme.signposts else ""
    posts = list(signposts.opening(iso=iso, label=programme.ai_label, headings=(), divided=0))
    if programme.signposts and len(stories) > 1 and not programme.headlines:
        leads = [
            spoken(worded(story.lead, normalise)) or spoken(_title(story)) for story in stories
        ]
        posts += [*signposts.contents([(lead, True) for lead in leads], "stories")]
        posts.append(signposts.say("begin"))
    return (tuple(map(signpost, posts)),) if posts else ()


def _title(story: Story) -> Spans:
    """A story's title as it is written and said, without the words that open its own bulletin."""
    spans = story.script.sections[0].heading.spans
    first = next((n for n, span in enumerate(spans) if span.written), len(spans))
    return spans[first:]


def _lead(story: Story, normalise: Normalise) -> tuple[Paragraph, ...]:
    """The desk's lead, or the first sentence of the story's running text."""
    if story.lead:
        spans = worded(story.lead, normalise)
        pieces = cut(spans, sentence_ranges(written(spans)))
        return (tuple(line(LineKind.TEXT, closed(piece)) for piece in pieces),)
    lines = (line for line in story.script.lines() if line.kind is LineKind.TEXT)
    titles = {id(section.heading) for section in story.script.sections}
    first = next((each for each in lines if id(each) not in titles and heard(each.spoken)), None)
    return ((first,),) if first else ()


def _body(script: Script) -> tuple[Paragraph, ...]:
    """A story below its title: sections become subheads, subheads go one level down."""
    found: list[Paragraph] = []
    for place, section in enumerate(script.sections):
        if place:
            found.append((replace(section.heading, kind=LineKind.SUBHEAD, level=3),))
        paragraphs = section.paragraphs if place else tuple(_opened(section.paragraphs))
        found += [tuple(map(_lowered, paragraph)) for paragraph in paragraphs]
    if found and all(each.kind is LineKind.SIGNPOST for each in found[-1]):
        del found[-1]
    return tuple(found)


def _opened(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs of an opening after the sentences of bobao's own."""

    def own(paragraph: Paragraph) -> bool:
        return all(each.kind is LineKind.SIGNPOST for each in paragraph)

    return dropwhile(own, paragraphs)


def _lowered(each: Line) -> Line:
    down = each.kind is LineKind.SUBHEAD
    return replace(each, level=min(each.level + 1, DEEPEST)) if down else each
