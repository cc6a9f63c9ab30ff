"""The event log: what happens, appended in the transaction of the act, in an order without gaps."""
