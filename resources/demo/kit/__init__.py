"""The tools that make the demo portfolios: a small markup, and writers for DOCX, PDF and photos."""
