"""What is known: YAML pages, the schema they must meet, the lints, and the compiler to a network."""
