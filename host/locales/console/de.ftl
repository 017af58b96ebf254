title = Konsole
