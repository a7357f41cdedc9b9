"""People who sign in: passwords, sessions and their cookies, and an OpenID provider."""
