hostile-title = Hostile
