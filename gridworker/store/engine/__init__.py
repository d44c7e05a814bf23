"""The encrypted file and the files beside it: connections, one writer, locks, room on the disk, safe writing."""
