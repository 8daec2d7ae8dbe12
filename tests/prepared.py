"""What many stories begin with, told once for all of them.

A third of what the stories do is to come to where they begin: raised, a day of silence, at the second stage. Told
again in each, it is the same each time; so the first story that begins so is remembered, and the next one goes on from
a copy of its store and its mail, as after a restart.
"""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from mailbot.turns.site import Site
from tests.story import SoFar, Story

Telling = TypeVar("Telling", bound=Story)
How = ParamSpec("How")
Answer = TypeVar("Answer")
_ITSELF = object()  # the answer was the story
_KEPT: dict[object, tuple[SoFar, object, Site]] = {}  # the site keeps the directory that is in the key


def prepared(told: Callable[Concatenate[Telling, How], Answer]) -> Callable[Concatenate[Telling, How], Answer]:
    """A beginning of stories that is told once in a process for each way in which it is asked for. It must be a
    function of the story and what it is called with, and nothing may have happened in the story before it."""

    @wraps(told)
    def beginning(story: Telling, /, *args: How.args, **named: How.kwargs) -> Answer:
        if not story.is_new():
            return told(story, *args, **named)
        key = (told, type(story), story.beginning, args, tuple(sorted(named.items())))
        if key in _KEPT:
            before, answer, _ = _KEPT[key]
            story.go_on_from(before)
        else:
            answer = told(story, *args, **named)
            answer = _ITSELF if answer is story else answer
            _KEPT[key] = (story.so_far(), answer, story.site)
        return cast(Answer, story if answer is _ITSELF else copy.copy(answer))

    return beginning
