"""Values taken out of the log for good: erased, replaced long ago, or of records that left this laptop."""
