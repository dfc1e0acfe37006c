"""What stands around every page: menus, rail, headers, banner, status bar."""
