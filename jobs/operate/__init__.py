"""Running the batch day by day: what happened, what is late, when to run, whom to tell, what to keep."""
