"""What a person does at the desk: one deed a function, in one transaction."""
