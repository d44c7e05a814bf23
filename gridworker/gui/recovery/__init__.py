"""The office's recovery sheet: shown, printed, asked to be tried."""
