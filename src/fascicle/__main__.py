"""`python -m fascicle`, where the command itself is not on the path."""

from fascicle.cli import main

main(prog_name="fascicle")
