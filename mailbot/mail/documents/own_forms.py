"""A partnership's own Word documents, in place of those that come with the program."""

from collections.abc import Mapping
from types import MappingProxyType

OwnForms = Mapping[str, bytes]  # "north-somerset/recording-form" -> the document
NO_FORMS: OwnForms = MappingProxyType({})
