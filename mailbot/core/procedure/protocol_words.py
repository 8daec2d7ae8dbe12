"""The closed words of a protocol file, as the page says them to somebody who has only read the published text."""

from collections.abc import Mapping
from types import MappingProxyType

from mailbot.core.procedure.closed_lists import Effect, Happening

# What something counts from: "within 2 working days of the day this stage begins".
STARTS: Mapping[Happening, str] = MappingProxyType(
    {
        Happening.DECISION_MADE: "the decision",
        Happening.RAISED: "its being raised",
        Happening.STAGE_ENTERED: "the stage's beginning",
        Happening.STAGE_CLOSED: "the stage's end",
        Happening.REPLIED: "the other side's reply",
        Happening.MET: "the meeting",
        Happening.REFERRED: "the written referral",
        Happening.REPRESENTATIVE_TOLD: "the representative's being told",
        Happening.FORM_COMPLETE: "the form's being complete",
        Happening.FORM_SENT: "the form's being sent",
        Happening.RESOLVED: "its being resolved",
        Happening.LIMIT_PASSED: "the limit's passing",
        Happening.BROUGHT_TO_CHAIR: "its being brought to the Chair",
        Happening.STATUS_KNOWN: "the child's status becoming known",
    }
)
# What calls for a notice: "When this stage begins (Stage 2): …".
WHEN: Mapping[Happening, str] = MappingProxyType(
    {
        Happening.STAGE_ENTERED: "when the stage begins",
        Happening.STAGE_CLOSED: "when the stage ends",
        Happening.RESOLVED: "when it is resolved",
        Happening.CLOSED: "when it is closed",
        Happening.MONTHLY: "every month",
        Happening.EVERY_CHANGE: "at every change",
        Happening.LIMIT_PASSED: "when the limit passes",
        Happening.STATUS_KNOWN: "when the child's status becomes known",
        Happening.FORM_COMPLETE: "when the form is complete",
        Happening.FORM_SENT: "when the form is sent",
        Happening.GAP_REPORTED: "when a gap in policy is reported",
        Happening.RAISED: "when it is raised",
    }
)
EFFECTS: Mapping[Effect, str] = MappingProxyType(
    {
        Effect.SIDE: "goes on beside the stage",
        Effect.GO_TO_STAGE: "goes straight to",
        Effect.FINAL: "what is decided there is final and binding",
        Effect.RECORD_ONLY: "is recorded, and changes nothing else",
        Effect.OFFER: "is offered",
    }
)
NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "stage entered": "needed when the stage begins",
        "stage closed": "needed by the end of the stage",
        "moving up": "needed to move up",
        "closed": "needed to close",
        "ask at close": "asked when it is closed",
    }
)
BANK_HOLIDAYS: Mapping[str, str] = MappingProxyType(
    {
        "england-and-wales": "without the bank holidays of England and Wales",
        "scotland": "without the bank holidays of Scotland",
        "northern-ireland": "without the bank holidays of Northern Ireland",
        "none": "bank holidays included",
    }
)
