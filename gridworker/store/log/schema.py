"""The tables that are not record tables: the log, the readings of its heads, and what the exchange keeps.

No foreign keys, no UNIQUE on business data and no secondary index on ``op`` (it slows every merge) but that of
own_ops_index.py: a merge may meet anything, and what breaks a rule is a finding for a person.
"""

LOG = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS author (no INTEGER PRIMARY KEY, who INTEGER NOT NULL, scope INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS op (
    clk INTEGER PRIMARY KEY, kind INTEGER NOT NULL, record INTEGER NOT NULL, what INTEGER NOT NULL,
    author INTEGER NOT NULL, vals BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sheaf (no INTEGER PRIMARY KEY, vals BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS head (record INTEGER PRIMARY KEY, kind INTEGER NOT NULL, k BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS conflict (
    record INTEGER NOT NULL, field INTEGER NOT NULL, kind INTEGER NOT NULL, waiting INTEGER NOT NULL,
    PRIMARY KEY (record, field)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS awaited (
    clk INTEGER NOT NULL, record INTEGER NOT NULL, field INTEGER NOT NULL,
    PRIMARY KEY (clk, record, field)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS awaited_on ON awaited (record) WHERE clk <> record;
CREATE TABLE IF NOT EXISTS pending (
    record INTEGER NOT NULL, field INTEGER NOT NULL, clk INTEGER NOT NULL, kind INTEGER NOT NULL,
    PRIMARY KEY (record, field, clk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ruling (
    clk INTEGER NOT NULL, verdict INTEGER NOT NULL, record INTEGER NOT NULL,
    PRIMARY KEY (clk, verdict)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS judged (clk INTEGER PRIMARY KEY, record INTEGER NOT NULL, verdict INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS erased (
    record INTEGER NOT NULL, field INTEGER NOT NULL, clk INTEGER NOT NULL,
    PRIMARY KEY (record, field, clk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unredacted (record INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS newest (device INTEGER PRIMARY KEY, clk INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS batch (
    no INTEGER PRIMARY KEY, act TEXT NOT NULL, author INTEGER NOT NULL, at INTEGER NOT NULL, source BLOB,
    clks BLOB NOT NULL, undoes INTEGER, mac BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS batch_undoing ON batch (undoes, at) WHERE undoes IS NOT NULL;
CREATE TABLE IF NOT EXISTS past (
    how INTEGER NOT NULL, place INTEGER NOT NULL, record INTEGER NOT NULL, clk INTEGER NOT NULL,
    PRIMARY KEY (how, place, record, clk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS worked_out (name TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS draft (name TEXT PRIMARY KEY, body BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""
"""``op.vals`` is a whole number where the values stand in a ``sheaf``: see sheaves.py.
``head.kind`` is 0 where the creating op has not come.
``conflict.waiting`` is 1 where an op that is named for this field has not come: it may settle by itself.
``awaited`` names the record too: an op of another record, even one with that clk, is not the one that is meant. Its
index leaves out what waits for the creation of its record: whoever makes up records has a hundred thousand of those.
``pending`` holds the heads that this version cannot show: a kind (field 0), a field or a code of a newer one.
``ruling`` names every verdict by the op it is about, ``judged`` the ops that by the one that stands count for nothing.
``erased`` has every erasure that was ever heard of; it outlives the op and the record. ``unredacted`` are the records
whose values are gone from the store and not yet from the files of the outbox and the archive.
``newest`` has the highest clk ever logged per device, so that the ops of a fresh bundle need no look-up; it is never
lowered, also where the op itself has left the log: a life of a device that wrote once is never free again.
``batch`` is the journal of transactions in the order of arrival, each link MACed over the one before. Its index finds
the few links that take others back: a link has the clks of all that came with it, so the journal is large.
``past`` has what the log says of where records ever were, at an office that was restored: see scope/past.py.
``worked_out`` has rowids, unlike what has few bytes under a name: to find a large one no other is read."""

EXCHANGE = """
CREATE TABLE IF NOT EXISTS stream (
    peer INTEGER PRIMARY KEY, sent_n INTEGER NOT NULL DEFAULT 0, sent_hash BLOB, got_n INTEGER NOT NULL DEFAULT 0,
    got_hash BLOB, received INTEGER NOT NULL DEFAULT 0, acked INTEGER NOT NULL DEFAULT 0,
    scope INTEGER NOT NULL DEFAULT 0, backed_up INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS mark (device INTEGER PRIMARY KEY, clk INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS backed_up (device INTEGER PRIMARY KEY, clk INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS bundle (
    place INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE, peer INTEGER NOT NULL, n INTEGER NOT NULL, outgoing INTEGER NOT NULL,
    state TEXT NOT NULL, at INTEGER NOT NULL, path TEXT NOT NULL, header BLOB NOT NULL, summary BLOB, batch INTEGER,
    file BLOB);
CREATE INDEX IF NOT EXISTS bundle_of ON bundle (peer, outgoing, place);
CREATE TABLE IF NOT EXISTS span (
    peer INTEGER NOT NULL, record INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER,
    entered INTEGER NOT NULL, gone INTEGER, PRIMARY KEY (peer, record, since)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS given (
    peer INTEGER NOT NULL, scope INTEGER NOT NULL, grids TEXT NOT NULL, PRIMARY KEY (peer, scope)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS departed (
    record INTEGER PRIMARY KEY, peer INTEGER NOT NULL, number INTEGER NOT NULL, own INTEGER NOT NULL,
    evicted INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS aside (
    clk INTEGER NOT NULL, kind INTEGER NOT NULL, record INTEGER NOT NULL, what INTEGER NOT NULL, who INTEGER NOT NULL,
    scope INTEGER NOT NULL, vals BLOB NOT NULL, reason TEXT NOT NULL, source BLOB NOT NULL,
    ruling INTEGER, written INTEGER,
    PRIMARY KEY (clk, source)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS aside_waiting ON aside (source, reason, what, clk) WHERE ruling IS NULL;
CREATE INDEX IF NOT EXISTS aside_unmade ON aside (record) WHERE ruling IS NULL AND what = 0;
CREATE INDEX IF NOT EXISTS aside_fork ON aside (clk) WHERE reason = 'fork';
CREATE INDEX IF NOT EXISTS aside_refused ON aside (clk) WHERE what = 0 AND ruling = 0;
CREATE TABLE IF NOT EXISTS peer_key (
    device INTEGER PRIMARY KEY, laptop INTEGER NOT NULL, keys BLOB NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS kit (
    laptop INTEGER PRIMARY KEY, secret BLOB NOT NULL, stream INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS agreement (
    peer INTEGER PRIMARY KEY, n INTEGER NOT NULL, scope INTEGER NOT NULL, own BLOB, other BLOB, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS lost (device INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS given_back (
    life INTEGER NOT NULL, device INTEGER NOT NULL, n INTEGER NOT NULL, upto INTEGER, backed_up INTEGER NOT NULL,
    idle INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (life, device)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attached (
    hash BLOB PRIMARY KEY, size INTEGER NOT NULL, path TEXT, key BLOB, covered INTEGER NOT NULL DEFAULT 0)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mislaid (
    hash BLOB PRIMARY KEY, size INTEGER NOT NULL, path TEXT NOT NULL, key BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS piece (
    hash BLOB NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL, peer INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (hash, offset));
CREATE TABLE IF NOT EXISTS parcel (
    peer INTEGER NOT NULL, hash BLOB NOT NULL, acked INTEGER NOT NULL, sent INTEGER NOT NULL, state INTEGER NOT NULL,
    PRIMARY KEY (peer, hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inquiry (peer INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (peer, hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shed (hash BLOB PRIMARY KEY, path TEXT) WITHOUT ROWID;
"""
"""``stream.peer`` is the laptop's number at the office, and the office's device (16 bits: its incarnation too) on a
laptop, for the office's numbers start anew with each of its lives. ``mark`` is per device (16 bits): at the office
the highest own clk taken in without a gap, on a laptop the highest own clk the office has confirmed. One mark a life:
the clock of a restored laptop may be behind what its former life had confirmed. ``backed_up`` is like ``mark``, for
what is in a verified backup of the office as well, and so is ``stream.backed_up`` for the office's own numbers: nothing
above them may be thrown away on a laptop. ``bundle.hash`` is of what was signed, ``file`` the SHA-256
of the file, of those written here. ``aside.ruling`` is empty while an op waits for the office's word;
``written`` is the verdict's clk, or that of the op it was written anew as, or 0. ``agreement`` has the
digests of both ends at a stream number.
``span`` is the office's: a record was a laptop's from scope number ``since`` until ``until``, told with stream numbers
``entered`` (0: the laptop made it) and ``gone``; ``given`` has its grids from a scope number on. ``departed`` is the
laptop's: what left, with the entry that said so, and its own newest clk then.
``lost``, at the office: of a former life (device), the number above which its replies may hold what this store does
not. ``given_back``: how far a life of a laptop has given back its replies of that life, how far it can (NULL: it has
not answered), how far that is in a backup, and how many of its bundles in a row brought nothing of it though asked.

``attached`` has the files of attachments by the SHA-256 of their content: ``path`` below the attachments folder and the
``key`` it is sealed with, both NULL where it was let go on purpose; ``covered`` at the office: it is in a verified
backup. ``mislaid`` are those that ought to be here and were gone or damaged when they were looked at: who finds one
again needs its key. ``piece`` are the parts of files that are not whole yet. ``parcel``: what is to go to a peer (0:
the office), see store/parcels.py. ``inquiry``: what a laptop wants to hear of. ``shed``: files that were erased; they
may still lie at ``path``, and in bundles of the archive."""
