"""What several services put in words: days, masks, what things are called, what an export is for."""
