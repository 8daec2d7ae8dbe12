"""How many letters a procedure costs the people in it: measured by playing each whole, and kept within a budget."""
