"""The store: everything the bot knows, in one database, and the one transaction in which it decides.

``Store`` is the room's one public name, and is looked up when it is asked for: the room's modules and those of
``forgetting`` need each other's tables, and an import at once would close that ring."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mailbot.shell.store.store import Store as Store


def __getattr__(name: str) -> Any:
    if name != "Store":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mailbot.shell.store.store import Store

    return Store
