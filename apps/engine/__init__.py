"""The one door to a model. Who asks brings the prompt and the type of the answer; nobody else
knows the vendor's client.

What was asked and paid for is kept under what was asked, so that a stage that runs again does not
pay again. Text from a session is data: it is fenced in the prompt, and an answer can propose, never
do.
"""
