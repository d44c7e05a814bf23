"""Who works at this computer: passphrases, a second person's word, wrong tries."""
