"""How good the answers are, on published cases. Imported by nothing but the CLI."""
