"""Who may do what: identities, their grants, the rights that follow, what code needs."""
