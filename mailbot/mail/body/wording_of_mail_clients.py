"""How mail clients introduce what they quote, as tables: a new client is a new row. Every pattern is run on one line,
or on a few short lines joined, and none has a repetition inside a repetition: some of the mail is made to be slow.
"""

import re

_RARE = ("reply-to", "importance", "priority", "attachments", "sensitivity", "organization", "message-id", "categories")
# The kind of a header-block line -> its labels, as Outlook, Apple Mail and Lotus write them in each language.
_LABELS: dict[str, tuple[str, ...]] = {
    "from": (
        "from",
        "von",
        "de",
        "da",
        "från",
        "fra",
        "van",
        "od",
        "от",
        "від",
        "lähettäjä",
        "kimden",
        "expéditeur",
        "mittente",
        "发件人",
        "差出人",
        "보낸 사람",
        "feladó",
        "oddo",
        "expediteur",
        "οτ",
        "από",
        "送信者",
        "oddělil",
        "remitente",
        "от кого",
        "sender",
        "寄件者",
        "saatja",
        "от:",
        "o",
        "oddal",
        "oddi wrth",
        "gan",
    ),
    "date": (
        "sent",
        "date",
        "gesendet",
        "datum",
        "envoyé",
        "date d'envoi",
        "enviado",
        "enviado el",
        "enviada em",
        "enviada",
        "enviado em",
        "fecha",
        "data",
        "inviato",
        "dato",
        "sendt",
        "skickat",
        "verzonden",
        "wysłano",
        "odesláno",
        "отправлено",
        "дата",
        "надіслано",
        "lähetetty",
        "päivämäärä",
        "gönderildi",
        "tarih",
        "发送时间",
        "日期",
        "日付",
        "送信日時",
        "보낸 날짜",
        "날짜",
        "elküldve",
        "trimis",
        "le",
        "datum/tid",
        "dátum",
        "invio",
        "dne",
        "data invio",
        "sent on",
        "date:",
        "saadetud",
        "anfonwyd",
        "dyddiad",
    ),
    "to": (
        "to",
        "an",
        "à",
        "a",
        "para",
        "per",
        "til",
        "till",
        "aan",
        "do",
        "кому",
        "vastaanottaja",
        "kime",
        "收件人",
        "宛先",
        "받는 사람",
        "címzett",
        "către",
        "komu",
        "pour",
        "destinataire",
        "destinatario",
        "adresat",
        "saaja",
        "recipient",
        "at",
        "i",
    ),
    "cc": (
        "cc",
        "kopie",
        "copie",
        "copie à",
        "kopi",
        "kopia",
        "копия",
        "копія",
        "kopio",
        "bilgi",
        "抄送",
        "참조",
        "dw",
        "c.c.",
        "bcc",
    ),
    "subject": (
        "subject",
        "betreff",
        "objet",
        "asunto",
        "assunto",
        "oggetto",
        "emne",
        "ämne",
        "onderwerp",
        "temat",
        "předmět",
        "тема",
        "aihe",
        "konu",
        "主题",
        "件名",
        "제목",
        "tárgy",
        "subiect",
        "predmet",
        "re",
        "teema",
        "sujet",
        "pwnc",
        "testun",
    ),
    "other": _RARE,
}
LABEL_KIND = {label: kind for kind, labels in _LABELS.items() for label in labels}
# "*From:*" in Gmail's text, "**From:**", ">From:" never (quoted lines are taken before).
LABEL_LINE = re.compile(r"[\s*_|]{0,6}([^\W\d_][^:\n<>@*]{0,24}?)[\s*_]{0,3}[:：][\s*_]{0,4}(.*)")
# A line that ends the writer's own words wherever it stands.
DIVIDERS = re.compile(
    r"[\s>*]{0,6}(?:"
    r"[-_=~]{2,}\s?(?:original message|original[- ]nachricht|ursprüngliche nachricht|message d'origine"
    r"|message original"
    r"|messaggio originale|mensaje original|mensagem original|oorspronkelijk bericht|oprindelig (?:meddelelse|besked)"
    r"|opprinnelig melding|ursprungligt meddelande|originalmeddelande|исходное сообщение|пересылаемое сообщение"
    r"|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|původní e-mail"
    r"|eredeti üzenet|reply message"
    r"|original appointment|forwarded message|forwarded by|weitergeleitete nachricht|message transféré"
    r"|messaggio inoltrato|mensaje reenviado|mensagem encaminhada|doorgestuurd bericht|videresendt meddelelse"
    r"|vidarebefordrat meddelande|forwarded mail|forwarded messages?|original-nachricht|邮件原件|原始邮件|原始郵件"
    r"|messaggio originale|pôvodná správa|orijinal mesaj|original e-?mail|ursprüngliche mail|antwort auf"
    r"|neges wreiddiol|neges a anfonwyd ymlaen"
    r"|original email|reply above this line|mensaje original)\b.{0,120}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié|transféré)"
    r"|inizio messaggio inoltrato|inicio del mensaje reenviado|anfang der weitergeleiteten e-mail"
    r"|start på vidarebefordrat"
    r"|début du message réexpédié|videresendt besked|start på videresendt)\b.{0,40}:?"
    r"|-{5,} (?:message from|from) .{1,160}"
    r"|-{3,}\s?.{1,160}\s(?:wrote|writes|ysgrifennodd|schrieb|a écrit)\s?:?\s?-{3,}"
    r")\s*-{0,40}\s*",
    re.IGNORECASE,
)
# The same, for the writer's own instruction line in our letters; and for the line before it, which most programs hide
# and some put into a reply all the same: it begins with joiners that nobody types.
MARKER = "Please reply above this line"
MARKER_LINE = re.compile(r"[\s>|*_-]*please reply above this line[\s|*_-]*|[\s>|]*\u034f{3}.*", re.IGNORECASE)
# The last word of the line that introduces a quotation.
WROTE = (
    "wrote",
    "writes",
    "write",
    "said",
    "a écrit",
    "écrit",
    "schrieb",
    "escribió",
    "escribio",
    "ha scritto",
    "scrive",
    "escreveu",
    "skrev",
    "schreef",
    "schreef het volgende",
    "napisał",
    "napisał(a)",
    "napisała",
    "napisal",
    "napísal",
    "napsal",
    "napsal(a)",
    "написал",
    "написав",
    "написала",
    "пише",
    "пишет",
    "kirjoitti",
    "yazdı",
    "şunu yazdı",
    "şöyle yazdı",
    "a scris",
    "írta",
    "写道",
    "書きました",
    "geschrieben",
    "다음과 같이 썼습니다",
    "wrote the following",
    "følgende",
    "el següent",
    "va escriure",
    "έγραψε",
    "rašė",
    "kirjutas",
    "napisao",
    "je napisao",
    "viết",
    "đã viết",
    "napísal(a)",
    "님이 작성",
    "schreef op",
    "ezt írta",
    "at wrote",
    "ysgrifennodd",
    "ysgrifenodd",
    "寫道",
    "于写道",
    "skreiv",
)
WROTE_END = re.compile(r"(?:" + "|".join(re.escape(one) for one in WROTE) + r")\s*[:：]?\s*", re.IGNORECASE)
OPENS_ATTRIBUTION = re.compile(
    r"[\s*_\-]{0,4}(?:on|ar|am|le|el|il|em|op|den|dňa|dne|dnia|em|at|in|a|à|pada|vào|στις|на|em|em:|ons|tor"
    r"|fre|lör|sön|mån|tis|ma|di|wo|do|vr|za|zo"
    r"|lun|mar|mer|mié|jue|vie|sáb|dom|mon|tue|wed|thu|fri|sat|sun|\d{1,4}|quoting|vom|им|в|при|пн|вт|ср"
    r"|чт|пт|сб|вс)\b",
    re.IGNORECASE,
)
DAY_WORDS = re.compile(
    r"\b(?:jan|feb|mar|mär|apr|ma[iyj]|jun|jul|aug|sep|okt|oct|nov|dec|dez|dic|fév|avr|juin|juil|août|déc"
    r"|gen|mag|giu|lug|ago|set|ott"
    r"|styc|lut|kwi|maj|cze|lip|sie|wrz|paź|lis|gru|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|серп"
    r"|вер|abr|ene|out|tammi|helmi|ion|chwe|maw|ebr|mai|meh|gor|aws|med|hyd|tach|rhag)",
    re.IGNORECASE,
)
A_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}(?::\d{2})?\b|\b\d{1,2}\s?[ap]m\b|\d{1,2}h\d{2}", re.IGNORECASE)
A_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\d{4}\s?[年년]|\b\d{1,2}(?:st"
    r"|nd|rd|th|\.)?,?\s(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{2,4}\b"
    r"|\b[^\W\d_]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}\b",
    re.IGNORECASE,
)
AN_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]{1,80}@[^\s<>()\[\]:;,\"]{1,120}|\[?mailto:|<[^<>\s]{3,120}>")
LOTUS_NAME_AND_DATE = re.compile(
    r"\s{0,8}[^\s\d][^\d\n]{0,80}\s(?:on\s)?\d{1,2}/\d{1,2}/\d{2,4}\s(?:at\s)?\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\s[AP]M)?\s*(?:\w{2,4})?",
    re.IGNORECASE,
)
LOTUS_DATE = re.compile(
    r"\s{0,12}\d{1,2}/\d{1,2}/\d{2,4}\s{1,3}(?:at\s)?\d{1,2}:\d{2}(?::\d{2})?(?:\s[AP]M)?\s*(?:\w{2,4})?", re.IGNORECASE
)
# Every space that Unicode knows, and what is no space and shows as none.
_SPACES = r"(?:[^\S\n]|[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0])"
QUOTED_LINE = re.compile(rf"{_SPACES}{{0,8}}(?:>|&gt;|[\u203a\u276f\u27e9\ufe65\uff1e]|[A-Z][a-zA-Z]{{0,3}}>)")
# GroupWise: ">>> "Name" <address> 01/02/27 11:12 AM >>>", the quotation below it unmarked.
GROUPWISE = re.compile(r">>> .{3,160} \d{1,2}[:.]\d{2}.{0,12}>>>\s*")
INVISIBLE = str.maketrans("", "", "\u200e\u200f\u202a\u202c\u200b\ufeff")
# Lines drawn across the page.
RULE = re.compile(r"\s*[-_=*~#.]{4,}\s*")
# Gmail in languages without a verb: "2026-09-08 17:01 GMT+01:00 Name <address>:".
DATE_AND_ADDRESS = re.compile(r"[\s*]{0,4}\S{0,12}\s?\d{1,4}[-./ ].{6,140}<\s?[^<>\s]{3,120}>\s*[:：]?\s*$")
