"""How everything looks: colors, sizes, fonts and icons, made from the design's tokens."""
