"""Program files: read, checked, explained, pinned, and turned into what the hub keeps and sends.

`catalog.load` and `check.check` read folders of YAML; `codec` writes one resolved micro-credential as canonical
bytes and reads it back, on the hub and on the desk alike, without the libraries that the files need.
"""
