// verifier
