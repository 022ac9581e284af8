"""The four desks, each a package: `scenes` and their texts, and the scripts made of them."""
