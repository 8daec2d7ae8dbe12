"""Who is spoken of in sentences, beside what a message asks: managers, officers and the next tier of management; a
child's status, and other children. Not here: labelled lines, which ``context`` brings."""
