"""Mail domains that are no agency's own: public providers, where anybody may have an address, and domains that many
organisations share.
"""

# The providers that people in the UK have private addresses at.
_PUBLIC = """
    gmail.com googlemail.com outlook.com outlook.co.uk hotmail.com hotmail.co.uk live.com live.co.uk msn.com yahoo.com
    yahoo.co.uk ymail.com rocketmail.com icloud.com me.com mac.com aol.com aol.co.uk btinternet.com btopenworld.com
    sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tiscali.co.uk o2.co.uk orange.net plus.com
    plusnet.com virgin.net lineone.net fsmail.net protonmail.com proton.me pm.me gmx.com gmx.co.uk gmx.net mail.com
    zoho.com fastmail.com hey.com tutanota.com tuta.io yandex.com
"""
# NHSmail, the criminal justice service's secure mail, and second levels under which others register.
_SHARED = "nhs.net nhs.scot cjsm.net gov.uk nhs.uk police.uk sch.uk ac.uk org.uk co.uk gov.scot gov.wales"
PUBLIC_DOMAINS, SHARED_DOMAINS = frozenset(_PUBLIC.split()), frozenset(_SHARED.split())
