"""Is this store whole, and is it the one that was closed here last?"""
