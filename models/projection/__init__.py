"""Population projection from two censuses, and raking to known margins."""
