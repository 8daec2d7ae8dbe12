"""Jamie Zawinski's threading, as he described it (jwz.org/doc/threading.html, 1997-2002): what Thunderbird, Evolution,
mutt and most webmail grew from. Steps 1 to 5; the sorting of step 6 and 7 makes no difference to what is one thread.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mail:
    """``references`` as step 1 wants them: References, then In-Reply-To when that says anything new."""

    id: str
    references: tuple[str, ...]
    subject: str


@dataclass(eq=False)
class Container:
    """``mail`` None: somebody referred to it, and it is not here."""

    mail: Mail | None = None
    parent: "Container | None" = None
    children: "list[Container]" = field(default_factory=list)

    def holds(self, other: "Container") -> bool:
        return self is other or any(child.holds(other) for child in self.children)

    def mails(self) -> Iterator[Mail]:
        if self.mail:
            yield self.mail
        for child in self.children:
            yield from child.mails()


def threads(mails: Iterable[Mail], by_subject: bool = True) -> list[list[Mail]]:
    """The threads, each with its mails. ``by_subject`` False leaves out step 5, which hides what references missed."""
    table: dict[str, Container] = {}
    for mail in mails:
        _take(mail, table)
    roots = [one for one in table.values() if one.parent is None]  # step 2; the table is discarded: step 3
    kept = [root for one in roots for root in _pruned(one, at_root=True)]
    return [list(root.mails()) for root in (_grouped(kept) if by_subject else kept)]


def _take(mail: Mail, table: dict[str, Container]) -> None:
    """Step 1, A to C."""
    own = table.setdefault(mail.id, Container())
    own.mail = mail
    last: Container | None = None
    for reference in mail.references:
        there = table.setdefault(reference, Container())
        if last is not None and there.parent is None and not there.holds(last) and not last.holds(there):
            _link(last, there)
        last = there
    if own.parent is not None:  # what we presumed of its parent gives way to what it says itself
        own.parent.children.remove(own)
        own.parent = None
    if last is not None and not own.holds(last):
        _link(last, own)


def _link(parent: Container, child: Container) -> None:
    child.parent = parent
    parent.children.append(child)


def _pruned(one: Container, at_root: bool) -> list[Container]:
    """Step 4: an empty container goes, and its children take its place; at the root only when there is one."""
    one.children = [kept for child in one.children for kept in _pruned(child, at_root=False)]
    if one.mail is not None:
        return [one]
    if not one.children:
        return []
    return one.children if not at_root or len(one.children) == 1 else [one]


def bare(subject: str) -> str:
    """Step 5: the subject without its "Re:"."""
    return re.sub(r"^(?:\s*(?:re|fw|fwd|aw|sv)(?:\[\d+\])?:\s*)+", "", subject, flags=re.IGNORECASE).strip()


def _subject(one: Container) -> str:
    return one.mail.subject if one.mail else next((c.mail.subject for c in one.children if c.mail), "")


def _grouped(roots: Sequence[Container]) -> list[Container]:
    """Step 5: what has one subject is one thread; a reply hangs below the message that it is a reply to."""
    chosen: dict[str, Container] = {}
    for root in roots:
        known = chosen.get(bare(_subject(root)))
        is_better = known is not None and (
            (root.mail is None and known.mail is not None)
            or (_is_reply(known) and not _is_reply(root) and (root.mail is None) == (known.mail is None))
        )
        if bare(_subject(root)) and (known is None or is_better):
            chosen[bare(_subject(root))] = root
    made: list[Container] = []
    for root in roots:
        top = chosen.get(bare(_subject(root)), root)
        if top is root:
            made.append(root)
        elif root.mail is None:
            top.children += root.children
        else:
            top.children.append(root)
    return made


def _is_reply(one: Container) -> bool:
    return bare(_subject(one)) != _subject(one).strip()
