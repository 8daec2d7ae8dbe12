"""What somebody reads about many disputes, or about the procedure itself, as values: the weekly digest, the report
for a meeting, the timeline, the protocol in plain English. Not here: layout.
"""
