"""A partnership's own Word forms, held against the forms of its protocols before anything is started."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.documents.recording_form import faults_of_form
from mailbot.shell.config.template_files import form_files
from mailbot.shell.errors import Fault


def form_faults(folder: Path | None, versions: Iterable[Protocol], own: Mapping[str, bytes]) -> list[Fault]:
    """Faults of the Word forms in a configuration: what is amiss in each file, or with its name: it must fit every
    version of the protocol that has the form."""
    known = [(f"{protocol.id}/{form.id}", form, protocol) for protocol in versions for form in protocol.forms.values()]
    faults: list[Fault] = []
    for path in form_files(folder):
        name = f"{path.parent.name}/{path.stem}"
        fitting = [(form, protocol) for called, form, protocol in known if called == name]
        if not fitting:
            names = ", ".join(dict.fromkeys(called for called, _, _ in known)) or "none"
            faults.append(Fault(str(path), 0, f"no procedure here has this form; there are: {names}"))
        said = dict.fromkeys(words for form, protocol in fitting for words in faults_of_form(own[name], form, protocol))
        faults += [Fault(str(path), 0, words) for words in said]
    return faults
