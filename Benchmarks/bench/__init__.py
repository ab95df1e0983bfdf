"""What Tallygate costs, measured from outside: one module for each group of the table."""
