"""What the demo's agents and people have written down: four stores, months of versions, and flaws.

The stores are those that the agents' prompts name. `flaws` lists what is wrong in them on purpose.
"""
