"""A customer register of twelve tables, its policy and map, and how somebody would delete from it by hand."""
