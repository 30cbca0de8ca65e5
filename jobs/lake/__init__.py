"""The lake: session, landing, bronze, silver, gold, ledger, release."""
