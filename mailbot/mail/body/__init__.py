"""What the body of a message shows its reader, and whose words stand in it: HTML and rich text as text, what is quoted
or passed on, signatures and who signs, notices at the edges, and the writer's own words. No headers, no machines; what
the words ask is ``understanding``.
"""
