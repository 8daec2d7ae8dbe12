"""Who may do what: the table read cell by cell, stories of each way round it, a campaign over every road, and rules
broken on purpose."""
