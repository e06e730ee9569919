"""A map as a picture: people in the middle, tables by how far they are from them, coloured by purpose, holes in red."""
