"""Persons, their addresses, memberships and tokens: what both apps stand on."""
