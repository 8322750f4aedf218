"""What is due (mail, index, reminders, erasure), backup, doctor, and the state of the database."""
