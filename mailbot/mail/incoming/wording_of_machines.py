"""The wording of machines in subjects and bodies, as tables: what an out-of-office or a bounce looks like.

Three of seven out-of-office mails met carry no machine header at all, so subjects have to be read. They are matched
at their beginning, never within "Re:" or "Fw:": people write about bounces and about being out of the office too.
"""

import re

from mailbot.mail import lexicon


def _starts(*families: str) -> re.Pattern[str]:
    return re.compile(r"\s*[\[(*]*(?:" + "|".join(families) + ")", re.IGNORECASE)


# What gateways and list servers put before a subject: "[External]", "*** EXT ***", "{Disarmed}".
SUBJECT_TAGS = re.compile(
    r"\s*(?:(?:\[[^\]\n]{1,40}\]|\([^)\n]{1,40}\)|\{[^}\n]{1,40}\}|\*+[^*\n]{1,40}\*+|(?:ext|external|caution"
    r"|allanol)\s?[:|-])\s*)+",
    re.I,
)
AUTO_SUBJECT = _starts(
    r"o\.?o\.?[of]\.?\s*(?:[:\])!|–-]|$)",
    r"(?:message|notice|notification|e-?mail)? ?auto(?:matic|mated)? (?:message|notice|notification)\s*[:-]",
    r"(?:absence|leave|vacation|holiday|out of office)\s(?:notice|notification|message|alert|reply)\b",
    r"(?:currently |now )?(?:out of (?:the )?office|away|(?:on )?(?:annual |maternity |sick )?leave"
    r"|not in (?:the )?office)\s*[:|–-]\s",
    r"(?:we have|we['’]ve) received your (?:e-?mail|message|enquiry|query|request)",
    r"your (?:e-?mail|message|enquiry|query) (?:has been|was) received",
    r"respuesta autom[aá]tica",
    r"mensaje autom[aá]tico",
    r"fuera de (?:la )?oficina",
    r"ausen(?:te|cia)\b\s*[:–-]",
    r"(?:ateb|ymateb|neges|e-bost|hysbysiad) awtomatig",
    r"(?:neges )?allan o['’]?r swyddfa",
    r"ddim yn y swyddfa",
    r"i ffwrdd o['’]?r swyddfa",
    r"awtomatig\s*:",
    r"absenoldeb\s*:",
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
    r"|i will (?:respond|reply) (?:on|when|as soon)|allan o['’]?r swyddfa|ar (?:fy )?(?:ngwyliau|gwyliau|wyliau)"
    r"|ar absenoldeb"
    r"|fuera de (?:la )?oficina|de vacaciones|de baja\b|ausente",
    re.IGNORECASE,
)
# Sentences of a note that answers whoever writes: that somebody is away, until when, to whom to turn, what becomes of
# the mail. Such a note needs no mark of a machine; a person who tells a colleague of their leave says only the first.
LEAVE_AWAY = re.compile(
    r"\b(?:out of (?:the )?office|(?:annual|maternity|paternity|parental|adoption|sick|study|special|compassionate"
    r"|carer['’]?s|extended|unpaid|long[- ]term)"
    r" (?:leave|absence)|on (?:a )?(?:leave|holiday|vacation|secondment|sabbatical|strike|jury service)"
    r"|away from (?:the office|my desk|work|my e-?mails?)"
    r"|not (?:in|at) (?:the office|work)|(?:am|will be|['’]m|['’]ll be) (?:currently |now )?(?:away|out|off|absent"
    r"|unavailable|not working)\b|non[- ]working (?:day|week)"
    r"|no longer (?:work|with|employed|at)|(?:have|has|['’]ve) (?:now )?(?:left|retired|moved on)|do not work on"
    r"|allan o['’]?r swyddfa"
    r"|ar (?:fy )?(?:ngwyliau|gwyliau|wyliau)|absenoldeb (?:mamolaeth|salwch|tadolaeth)|ar absenoldeb"
    r"|fuera de (?:la )?oficina|de vacaciones|de baja|ausente)\b",
    re.IGNORECASE,
)
# The same for a whole text, lowered: without regard to case it takes three times as long, and every mail is asked.
LEAVE_AWAY_LOWERED = re.compile(LEAVE_AWAY.pattern)
LEAVE_BACK = re.compile(
    r"\b(?:return(?:ing)?|back|resum\w+|until|till|through to|from .{3,40} to|dychwelyd|yn [oô]l|tan|hasta|volver[eé]"
    r"|regresar[eé]|de vuelta)\b",
    re.I,
)
LEAVE_TURN_TO = re.compile(
    r"\b(?:please (?:contact|e-?mail|call|ring|speak|direct|re-?direct|refer)|(?:contact|e-?mail|call|ring) (?:my|our"
    r"|the|[A-Z])|in my absence|cysylltwch"
    r"|p[oó]ngase en contacto|contacte|dir[ií]jase)\b",
    re.IGNORECASE,
)
LEAVE_TO_ANYBODY = re.compile(
    r"\b(?:your (?:e-?mail|message|enquiry|query)|(?:this|my) (?:mailbox|inbox|e-?mail (?:account|address)?"
    r"|account)s?\s(?:is|are|will|was)?\b"
    r"|thank(?:s| you) for (?:your (?:e-?mail|message|enquiry)|contacting|e-?mailing|getting in touch)"
    r"|not (?:be )?(?:been )?(?:being )?(?:monitored|forwarded"
    r"|checked|read)|(?:no|limited|intermittent|little) access to|(?:for|with|in) (?:any(?:thing)? |all )?(?:urgent"
    r"|immediate|emergenc)|if (?:your|it|this|the|you)"
    r"\b.{0,50}\b(?:urgent|immediate|assistance|help|enquir\w+|quer\w+|matter)|(?:reply|respond|answer|get back"
    r"|deal with).{0,30}\b(?:on|upon|when|as soon"
    r"|after) (?:my return|i (?:return|get|am))|automat(?:ic|ed)|do not reply|diolch am (?:eich|e-?bost)"
    r"|eich (?:e-?bost|neges)|gracias por su|su (?:correo"
    r"|mensaje))",
    re.IGNORECASE,
)
LEAVE_SMALL_TALK = lexicon.pattern("courtesies.of_a_machine")
# "Your message / To: … / Subject: … / Sent: … / was read on …": Exchange's receipt, as its gateways turn it into text.
RECEIPT_SUBJECT = _starts(
    r"(?:not )?read\s?:",
    r"deleted\s?:",
    r"(?:read|return|delivery|disposition) (?:receipt|notification)",
    r"delivered\s?:",
    r"relayed\s?:",
    r"darllenwyd",
    r"wedi['’]i (?:ddarllen|ddileu)",
    r"heb (?:ei|ei) ddarllen",
    r"gelesen\s?:",
    r"lu\s?:",
    r"le[ií]do\s?:",
    r"letto\s?:",
    r"acuse de",
    r"message (?:read|opened|displayed)",
    r"receipt\s?:",
)
RECEIPT_BODY = re.compile(
    r"\b(?:your|the|this|eich|su) (?:e-?mail |neges|mensaje)?(?:message|mail|email)?\b.{0,700}?\b(?:(?:was|has been"
    r"|is) (?:deleted|discarded) (?:without being|unread|before)"
    r"|(?:was|has been) (?:read|displayed|opened|viewed|seen)\b(?: (?:on|at|by)\b|\s*[.:]|$)|ei darllen ar"
    r"|wedi cael ei darllen|fue le[ií]do)"
    r"|\bthis is a (?:read |return |delivery )?receipt (?:for|of)\b|\bconfirms that (?:your|the) (?:message"
    r"|e-?mail) (?:was|has been) (?:read|displayed|opened|delivered)"
    r"|\bthis receipt verifies\b",
    re.IGNORECASE | re.DOTALL,
)
MOST_RECEIPT_WORDS = 110
# A mail service that asks whoever wrote to prove to be a person before their mail is let through.
CHALLENGE_HELD = re.compile(
    r"\b(?:(?:your|the|this) (?:e-?mails?|messages?|mail)\b.{0,100}?\b(?:held|quarantin\w+|waiting|pending|on hold"
    r"|queue\w*|blocked|not (?:yet )?(?:been )?(?:delivered|reach\w*"
    r"|accepted)|(?:will|can|may) (?:only |not )?be (?:delivered|released|let|accepted|forwarded|rejected))"
    r"|before (?:your|the|this) (?:e-?mail|message|mail)\b.{0,60}"
    r"(?:deliver|reach|accept|release)\w*|(?:deliver|release) (?:your|the|this) (?:e-?mail|message|mail)|(?:first"
    r"|only) time you (?:have |write|e-?mail)|protected by"
    r"|uses? (?:a |an )?(?:anti-?spam|spam|challenge|sender verification))",
    re.IGNORECASE | re.DOTALL,
)
CHALLENGE_ASKS = re.compile(
    r"\b(?:(?:prove|verify|confirm|validate|show|certify|authenticate|make sure)\b.{0,60}?\b(?:you(?:['’]re| are"
    r"| yourself)|your (?:e-?mail )?(?:address|identity)|sender"
    r"|human|(?:real |a )?person|not a (?:robot|spammer|machine)|legitimate)|(?:not|isn['’]t) a (?:robot|spammer"
    r"|machine)|captcha|(?:click|follow|press|visit|reply|go to)\b.{0,120}?"
    r"\b(?:confirm|verify|authenticat\w+|approve|validate|prove|release|deliver|white-?list|add yourself"
    r"|safe ?list)\w*)",
    re.IGNORECASE | re.DOTALL,
)
CHALLENGE_HEADER = re.compile(
    r"x-(?:tmda|challenge|spam-?arrest|boxbe|mail-?in-?black|asg|active-?spam|sender-?verif|bluebottle|sendio"
    r"|cr-)[\w-]*"
)
MOST_CHALLENGE_WORDS = 320
# Headers of automatic replies by what they are called, whichever product writes them, and the values that deny it.
AUTO_HEADER = re.compile(
    r"x-(?:[\w]+-){0,4}(?:auto-?(?:repl(?:y|ied)|respon[a-z]*|answer(?:ed)?)|vacation|out-?of-?office|oof|ooo|absence"
    r"|away)(?:-[\w-]*)?|auto-?reply|out-?of-?office"
)
AUTO_DENIED = re.compile(r"\s*(?:no|none|false|0|off|disabled)\b", re.IGNORECASE)
CLASS_HEADER = re.compile(r"(?:x-[\w-]*)?(?:message|content|post|item)-?(?:message-?)?class")
AUTO_CLASS = re.compile(r"oof|auto-?respond|auto-?reply|rules\.reply|out-?of-?office", re.IGNORECASE)
AUTO_MAILER = re.compile(r"vacation|auto-?(?:reply|respond)|out of office|responder", re.IGNORECASE)
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
