"""What a site adds to its tokens."""


def of(user):
    """Title and address for mail; what else it gives is not Stoa's to know, or not its to say."""
    return {"title": "Editor", "team": "", "email": user.email, "salary": 1, "sub": "admin", "roles": ["admin"]}
