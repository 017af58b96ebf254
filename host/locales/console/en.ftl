title = Console
