"""The queue of record: what is to be done, by whom, until when. The broker is only a wake-up."""
