"""Theme libraries 主题库: one folder a theme, found by itself."""
