"""The wording of machines in subjects and bodies, as tables: what an out-of-office or a bounce looks like.

Three of seven out-of-office mails met carry no machine header at all, so subjects have to be read. They are matched
at their beginning, never within "Re:" or "Fw:": people write about bounces and about being out of the office too.
"""

import re


def _starts(*families: str) -> re.Pattern[str]:
    return re.compile(r"\s*[\[(*]*(?:" + "|".join(families) + ")", re.IGNORECASE)


AUTO_SUBJECT = _starts(
    r"auto(?:matic|mated|matically generated)?[ -]?(?:e-?mail )?(?:re(?:ply|sponse|sponder)|answer"
    r"|acknowledge?ment)\b",
    r"auto\s?: ",
    r"auto: ",
    r"autoreply\b",
    r"autoresponse\b",
    r"out[- ]of[- ](?:the[- ])?office(?: auto ?-?reply| reply| message| notification)?\s*(?:[:\])!-]|$)",
    r"automatische antwort",
    r"abwesenheits(?:notiz|nachricht|meldung|assistent)",
    r"réponse automatique",
    r"absence du bureau",
    r"respuesta automática",
    r"resposta automática",
    r"risposta automatica",
    r"fuori ufficio",
    r"automatisch antwoord",
    r"automatisk svar",
    r"autosvar",
    r"automaattinen vastaus",
    r"automatyczna odpowiedź",
    r"ответ автоматическ",
    r"автоответ",
    r"автоматический ответ",
    r"automatická odpověď",
    r"otomatik yanıt",
    r"自動返信",
    r"自动回复",
    r"自動回覆",
    r"afwezigheidsbericht",
    r"frånvaro",
    r"ateb awtomatig",
    r"allan o'r swyddfa",
    r"vacation (?:reply|response|message)",
    r"away from (?:the |my )?(?:office|desk|mail)\b",
    r"on (?:annual )?leave\s*[:\]-]",
    r"réponse d'absence",
    r"absent(?:e|ee)? ?:",
)
AUTO_SUBJECT_ENDING = re.compile(
    r".{1,120}\bis (?:currently )?(?:out of|away from) (?:the )?office\b.{0,60}|.{1,120}\bout of office auto ?reply",
    re.IGNORECASE,
)
AWAY_WORDING = re.compile(
    r"out of (?:the )?office|(?:annual|maternity|sick|study|paternity|compassionate) leave|on leave"
    r"|on (?:holiday|vacation)|away from (?:the office|my desk|work)"
    r"|automatic(?:ally generated)? (?:reply|response|e-?mail)|autoreply|auto-reply|out of office"
    r"|not in the office|currently away"
    r"|i (?:am|will be) (?:away|out)\b|no longer (?:work|employ)|has left the|i have (?:now )?left"
    r"|do not (?:work|monitor)"
    r"|limited access to (?:my )?e-?mail|non[- ]working day|returning (?:on|to)"
    r"|i will (?:respond|reply) (?:on|when|as soon)",
    re.IGNORECASE,
)
BOUNCE_SUBJECT = _starts(
    r"undeliver(?:able|ed)\b",
    r"(?:e-?)?mail delivery (?:failed|failure|subsystem|system|error|problem|status|delayed)",
    r"delivery (?:status )?(?:notification|failure|failed|report|error|has failed|delayed)",
    r"delivery status notification",
    r"failure notice",
    r"failed delivery",
    r"returned mail\b",
    r"return(?:ed)? to sender",
    r"(?:mail|message) (?:system )?error",
    r"mail status report",
    r"message (?:delivery|status|undeliverable|could not|not delivered|delayed)",
    r"non[- ]?(?:delivery|remis|delivered)",
    r"nondeliverable",
    r"notification d'état",
    r"unzustellbar",
    r"nicht zustellbar",
    r"mail (?:could not|cannot|not) (?:be )?deliver",
    r"mail failure",
    r"failed mail",
    r"failed to deliver",
    r"warning: (?:could not send|message|e-?mail|mail)",
    r"delayed mail",
    r"mail delayed",
    r"could not (?:send|deliver)",
    r"unable to deliver",
    r"your (?:e-?mail|message|mail)\b.{0,60}(?:could not|was not|not delivered|cannot|undeliver|returned"
    r"|rejected|blocked)",
    r"mdaemon (?:notification|warning)",
    r"permanent delivery failure",
    r"transient",
    r"user unknown",
    r"unknown (?:user|recipient|address)",
    r"\*+\s*undeliver",
    r"undelivered mail",
    r"onbestelbaar",
    r"non remis",
    r"mensaje no entregado",
    r"não entregue",
    r"недоставл",
    r"недоставлен",
    r"配信不能",
    r"mail delivery\b",
    r"mailer[- ]daemon",
    r"error sending",
    r"e-?mail (?:rejected|blocked|returned)",
    r"error mail",
    r"bounced? (?:mail|message)",
    r"report de non",
    r"nepodařilo",
    r"rejected(?: mail| message|:)",
    r"sms?tp (?:error|server)",
    r"\[?postmaster\]? (?:notify|notification)",
    r"mail (?:was )?return",
    r"considered unsolicited bulk email",
    r"nelze doručit",
    r"ne peut pas être",
    r"olevererbart",
    r"kan niet",
    r"mancato recapito",
    r"entrega fallida",
    r"failure delivery",
    r"system error",
)
BOUNCE_BODY = re.compile(
    r"\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|\b55[0-4][ -]\S|\bstatus: ?[45]\.\d{1,3}\.\d{1,3}"
    r"|smtp (?:error|;)|diagnostic-code:"
    r"|(?:could|can|was|were|has|have) ?not (?:be |been )?(?:able to )?(?:successfully )?deliver"
    r"|unable to deliver|undeliverable|undelivered|delivery (?:to .{0,60} )?(?:has )?(?:failed|failure)"
    r"|did not reach|permanent (?:fatal )?(?:error|failure)|fatal errors|user (?:is )?unknown"
    r"|unknown (?:user|recipient|address|local)|no such (?:user|recipient|mailbox|address|person)"
    r"|(?:mailbox|mail box|quota|storage)\b.{0,40}(?:full|exceed|unavailable|not found|over)|over quota"
    r"|returned (?:to (?:the )?sender|mail|message|below)|qmail-send|mail system at host|mailer[- ]daemon"
    r"|recipient(?:s)? (?:address )?(?:rejected|unknown|not found|could not|failed|refused)"
    r"|address (?:not found|rejected|failed|had)|does not exist|doesn't have a|not listed in"
    r"|host (?:unknown|not found)|will (?:keep trying|be retried|continue)"
    r"|not been delivered|action: ?failed|account (?:has been |is )?(?:disabled|suspended|inactive|closed)"
    r"|not a (?:valid|known) (?:user|address|recipient|mailbox)|konnte nicht|nicht zugestellt"
    r"|failed to deliver|invalid recipient"
    r"|message (?:was )?(?:rejected|refused|blocked)|being returned|couldn't be delivered|配信"
    r"|delivery (?:status|error|attempt|report)|following (?:address|recipient|e-?mail|destination)"
    r"|n'a pas pu|no pudo|non è stato",
    re.IGNORECASE,
)
MAILER = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|mail[-_.]?daemon|mdaemon|maildelivery\S{0,12}"
    r"|microsoftexchange\w{0,40}|mail-?delivery\S{0,12}|bounces?|postoffice|auth\.returned\.emails|mmdf"
    r"|daemon|mailerdaemon\S*|mailadm\S*|microsoft\.exchange\S*|uucp|mailer)(?:[+=-]\S*)?$",
    re.IGNORECASE,
)
MAILER_NAME = re.compile(
    r"mail delivery|mailer.daemon|delivery (?:sub)?system|system administrator|postmaster"
    r"|mail (?:sub)?system|system attendant|exchange|internet mail delivery|administrator"
    r"|mail administrator|mail transport",
    re.IGNORECASE,
)
ROBOT = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|notifications?|newsletters?|alerts?|mailings?"
    r"|marketing|news)(?:[+._-]\S*)?$",
    re.IGNORECASE,
)
FORWARDED = re.compile(r"\s*(?:fw|fwd|wg|tr|re|aw|rv|sv|i|vs)\s?(?:\[\d+\])?\s?:", re.IGNORECASE)
COMPLAINT = _starts(r"complaint about message from", r"e-?mail feedback report", r"abuse report")
RECALL = _starts(r"recall:", r"message recall (?:success|failure|report)", r"would like to recall")
