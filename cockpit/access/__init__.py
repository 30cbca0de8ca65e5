"""Who may come in, and what each may see: sign-in, sessions, rights, audit. Everything is refused by default."""
