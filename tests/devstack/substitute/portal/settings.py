SECRET_KEY = "substitute"
