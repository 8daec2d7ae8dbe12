"""The day of the decision that a dispute is about: a day on which something can have been decided."""

from datetime import date, datetime

from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.events import QuestionAsked


def is_day_of_decision(value: str, at: datetime, calendar: Calendar) -> bool:
    """Can the decision have been made on the day ``value`` (as ISO 8601 has it), for who says so at ``at``? Not on a
    day to come, and not beyond the years whose closed days are known: clocks that start with it would be guessed."""
    return calendar.first <= date.fromisoformat(value) <= calendar.local(at).date()


def which_day(value: str, request: Request) -> QuestionAsked:
    """The question to whoever gave a day of decision on which nothing can have been decided: it is not recorded."""
    on = date.fromisoformat(value)
    question = (
        f"On which day was the decision made? {on.day} {on:%B} {on.year} is given, which cannot be it, so no day is "
        "recorded. Please reply with a line “Date of decision:” and the day with its year."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="answer:day of decision")
