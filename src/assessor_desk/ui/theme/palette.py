"""The QPalette of a theme, for whatever Qt paints by itself."""

from PySide6.QtGui import QColor, QPalette

from assessor_desk.ui.theme.colors import Colors

Role = QPalette.ColorRole


def palette(colors: Colors) -> QPalette:
    """Return the palette."""
    made = QPalette()
    for role, color in _active(colors).items():
        made.setColor(role, color)
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colors.disabled)
    return made


def _active(colors: Colors) -> dict[QPalette.ColorRole, QColor]:
    return {
        Role.Window: colors.window,
        Role.WindowText: colors.text,
        Role.Base: colors.panel,
        Role.AlternateBase: colors.panel_alt,
        Role.Text: colors.text,
        Role.PlaceholderText: colors.text3,
        Role.Button: colors.panel,
        Role.ButtonText: colors.text,
        Role.BrightText: colors.on_accent,
        Role.Highlight: colors.accent_wash2,
        Role.HighlightedText: colors.text,
        Role.Accent: colors.accent,
        Role.Link: colors.accent,
        Role.LinkVisited: colors.accent,
        Role.ToolTipBase: colors.tooltip,
        Role.ToolTipText: colors.tooltip_text,
        Role.Light: colors.panel,
        Role.Midlight: colors.sunken,
        Role.Mid: colors.border,
        Role.Dark: colors.border_strong,
        Role.Shadow: colors.control_border,
    }
