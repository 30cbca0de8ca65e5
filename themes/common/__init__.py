"""What all themes share: contracts, domain types, rules, indicator building."""
