"""What many stories begin with, told once for all of them.

A third of what the stories do is to come to where they begin: raised, a day of silence, at the second stage. Told
again in each, it is the same each time; so the first story that begins so is remembered, and the next one goes on from
a copy of its store and its mail, as after a restart.
"""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from tests.shared import once
from tests.sites import ROOT
from tests.story import SoFar, Story

Telling = TypeVar("Telling", bound=Story)
How = ParamSpec("How")
Answer = TypeVar("Answer")


def prepared(told: Callable[Concatenate[Telling, How], Answer]) -> Callable[Concatenate[Telling, How], Answer]:
    """A beginning of stories that is told once in a run for each way in which it is asked for. It must be a function of
    the story and what it is called with, and nothing may have happened in the story before it."""

    @wraps(told)
    def beginning(story: Telling, /, *args: How.args, **named: How.kwargs) -> Answer:
        if not story.is_new():
            return told(story, *args, **named)
        here = False

        def tell() -> tuple[SoFar, bool, object]:
            nonlocal here
            here = True
            answer = told(story, *args, **named)
            itself = answer is story
            return story.so_far(), itself, None if itself else answer

        key = (str(ROOT), told, type(story), story.beginning, args, named)
        before, itself, answer = once(key, tell)
        if not here:
            story.go_on_from(before)
        return cast(Answer, story if itself else copy.copy(answer))

    return beginning
