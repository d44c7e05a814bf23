/* What a program does to the files of one folder, written down call by call; and calls that fail when told to.

   Preloaded into the program (shim.py builds it and speaks to it). Each record is a header and its data, in the order
   in which the calls returned; what comes to the disk through a map of memory (SQLite's -shm) is not seen. For systems
   where long has 64 bits, as every Linux that the tests run on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { CREATE = 1, OPEN, WRITE, RESIZE, SYNC, RENAME, UNLINK, FOLDER, LINK, MARK }; /* what is written down */
enum { WRITES = 1, SYNCS = 2, SIZES = 4, NAMES = 8, OPENS = 16, READS = 32 };        /* what can be told to fail */

struct record {
    uint32_t what, length;
    uint64_t file;
    int64_t at;
};

#define MOST 65536
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ALIAS(name) __attribute__((alias(#name)))

static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char folder[PATH_MAX];
static int diary = -1, in_folder[MOST];
static int kinds, failing, again;
static long calls, failed_at, failures, slow_by;

/* ---- told by shim.py */

void disk_watch(const char *path, const char *to) { /* no path: leave off */
    pthread_mutex_lock(&turn);
    if (diary >= 0) REAL(close)(diary);
    diary = path && to ? REAL(open)(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    snprintf(folder, sizeof folder, "%s", path ? path : "");
    memset(in_folder, 0, sizeof in_folder);
    pthread_mutex_unlock(&turn);
}

void disk_fail(int which, long at, int error, int sticky) { /* at 0: only count */
    pthread_mutex_lock(&turn);
    kinds = which, failed_at = at, failing = error, again = sticky, calls = failures = 0;
    pthread_mutex_unlock(&turn);
}

void disk_slow(long microseconds) { slow_by = microseconds; } /* each sync, of whatever file, takes longer by so much */

long disk_calls(void) { return calls; }
long disk_failures(void) { return failures; }

/* ---- within the turn */

static void put(int what, uint64_t file, int64_t at, const void *data, size_t length) {
    if (diary < 0) return;
    struct record head = {what, length, file, at};
    int before = errno;
    if (REAL(write)(diary, &head, sizeof head) != sizeof head) _exit(99);
    if (length && REAL(write)(diary, data, length) != (ssize_t)length) _exit(99);
    errno = before;
}

void disk_mark(long number) {
    pthread_mutex_lock(&turn);
    put(MARK, 0, number, "", 0);
    pthread_mutex_unlock(&turn);
}

static int refused(int kind) {
    if (!(kind & kinds)) return 0;
    calls++;
    if (!failed_at || calls < failed_at || (calls > failed_at && !again)) return 0;
    failures++;
    errno = failing;
    return 1;
}

static int known(int fd) { return fd >= 0 && fd < MOST && in_folder[fd]; }

static uint64_t number_of(int fd) {
    struct stat found;
    return fstat(fd, &found) ? 0 : found.st_ino;
}

/* Where a path lies below the folder; NULL where it does not. */
static const char *below(int dirfd, const char *path, char *whole) {
    size_t length = strlen(folder);
    if (!length) return NULL;
    if (path[0] == '/') {
        snprintf(whole, PATH_MAX, "%s", path);
    } else {
        char link[64], base[PATH_MAX] = "";
        snprintf(link, sizeof link, dirfd == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", dirfd);
        if (readlink(link, base, sizeof base - 1) < 0) return NULL;
        if (snprintf(whole, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return NULL;
    }
    if (strncmp(whole, folder, length)) return NULL;
    return whole[length] == '/' ? whole + length + 1 : whole[length] ? NULL : "";
}

static void put_two(int what, const char *from, const char *to) {
    char both[2 * PATH_MAX];
    size_t length = strlen(from) + 1;
    memcpy(both, from, length);
    memcpy(both + length, to, strlen(to));
    put(what, 0, 0, both, length + strlen(to));
}

/* ---- the calls */

int openat(int dirfd, const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    pthread_mutex_lock(&turn);
    char whole[PATH_MAX];
    const char *name = below(dirfd, path, whole);
    int there = name && faccessat(dirfd, path, F_OK, 0) == 0;
    int fd = name && refused(OPENS) ? -1 : REAL(openat)(dirfd, path, flags, mode);
    if (fd >= 0 && fd < MOST) {
        in_folder[fd] = name != NULL;
        if (name) put(there ? OPEN : CREATE, number_of(fd), 0, name, strlen(name));
        if (name && there && flags & O_TRUNC) put(RESIZE, number_of(fd), 0, "", 0);
    }
    pthread_mutex_unlock(&turn);
    return fd;
}
int openat64(int dirfd, const char *path, int flags, ...) ALIAS(openat);

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    return openat(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) ALIAS(open);

int close(int fd) {
    if (fd >= 0 && fd < MOST) in_folder[fd] = 0;
    return REAL(close)(fd);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) {
    if (!known(fd)) return REAL(pwrite)(fd, data, length, at);
    pthread_mutex_lock(&turn);
    ssize_t done = refused(WRITES) ? -1 : REAL(pwrite)(fd, data, length, at);
    if (done > 0) put(WRITE, number_of(fd), at, data, done);
    pthread_mutex_unlock(&turn);
    return done;
}
ssize_t pwrite64(int fd, const void *data, size_t length, off_t at) ALIAS(pwrite);

ssize_t write(int fd, const void *data, size_t length) {
    if (!known(fd)) return REAL(write)(fd, data, length);
    pthread_mutex_lock(&turn);
    off_t at = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t done = refused(WRITES) ? -1 : REAL(write)(fd, data, length);
    if (done > 0) put(WRITE, number_of(fd), at, data, done);
    pthread_mutex_unlock(&turn);
    return done;
}

/* Copies within the kernel are not seen: the program is made to read and write. */
ssize_t sendfile(int to, int from, off_t *at, size_t length);
ssize_t sendfile(int to, int from, off_t *at, size_t length) {
    if (!known(to)) return REAL(sendfile)(to, from, at, length);
    errno = ENOTSOCK;
    return -1;
}
ssize_t sendfile64(int to, int from, off_t *at, size_t length) ALIAS(sendfile);

ssize_t copy_file_range(int from, off_t *at, int to, off_t *there, size_t length, unsigned flags) {
    if (!known(to)) return REAL(copy_file_range)(from, at, to, there, length, flags);
    errno = EXDEV;
    return -1;
}

ssize_t pread(int fd, void *data, size_t length, off_t at) {
    if (!known(fd)) return REAL(pread)(fd, data, length, at);
    pthread_mutex_lock(&turn);
    ssize_t done = refused(READS) ? -1 : REAL(pread)(fd, data, length, at);
    pthread_mutex_unlock(&turn);
    return done;
}
ssize_t pread64(int fd, void *data, size_t length, off_t at) ALIAS(pread);

ssize_t read(int fd, void *data, size_t length) {
    if (!known(fd)) return REAL(read)(fd, data, length);
    pthread_mutex_lock(&turn);
    ssize_t done = refused(READS) ? -1 : REAL(read)(fd, data, length);
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate(int fd, off_t size) {
    if (!known(fd)) return REAL(ftruncate)(fd, size);
    pthread_mutex_lock(&turn);
    int result = refused(SIZES) ? -1 : REAL(ftruncate)(fd, size);
    if (!result) put(RESIZE, number_of(fd), size, "", 0);
    pthread_mutex_unlock(&turn);
    return result;
}
int ftruncate64(int fd, off_t size) ALIAS(ftruncate);

int posix_fallocate(int fd, off_t at, off_t length) {
    if (!known(fd)) return REAL(posix_fallocate)(fd, at, length);
    pthread_mutex_lock(&turn);
    struct stat before;
    fstat(fd, &before);
    int error = refused(SIZES) ? failing : REAL(posix_fallocate)(fd, at, length);
    if (!error && at + length > before.st_size) put(RESIZE, number_of(fd), at + length, "", 0);
    pthread_mutex_unlock(&turn);
    return error;
}
int posix_fallocate64(int fd, off_t at, off_t length) ALIAS(posix_fallocate);

#define SYNCING(name)                                             \
    int name(int fd) {                                            \
        if (slow_by) usleep(slow_by);                             \
        if (!known(fd)) return REAL(name)(fd);                    \
        pthread_mutex_lock(&turn);                                \
        int result = refused(SYNCS) ? -1 : REAL(name)(fd);        \
        if (!result) put(SYNC, number_of(fd), 0, "", 0);          \
        pthread_mutex_unlock(&turn);                              \
        return result;                                            \
    }
SYNCING(fsync)
SYNCING(fdatasync)

int renameat(int olddir, const char *from, int newdir, const char *to) {
    pthread_mutex_lock(&turn);
    char one[PATH_MAX], two[PATH_MAX];
    const char *old = below(olddir, from, one), *new = below(newdir, to, two);
    int result = old && new && refused(NAMES) ? -1 : REAL(renameat)(olddir, from, newdir, to);
    if (!result && old && new) put_two(RENAME, old, new);
    pthread_mutex_unlock(&turn);
    return result;
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int linkat(int olddir, const char *from, int newdir, const char *to, int flags) {
    pthread_mutex_lock(&turn);
    char one[PATH_MAX], two[PATH_MAX];
    const char *old = below(olddir, from, one), *new = below(newdir, to, two);
    int result = old && new && refused(NAMES) ? -1 : REAL(linkat)(olddir, from, newdir, to, flags);
    if (!result && old && new) put_two(LINK, old, new);
    pthread_mutex_unlock(&turn);
    return result;
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int dirfd, const char *path, int flags) {
    pthread_mutex_lock(&turn);
    char whole[PATH_MAX];
    const char *name = below(dirfd, path, whole);
    int result = name && refused(NAMES) ? -1 : REAL(unlinkat)(dirfd, path, flags);
    if (!result && name) put(UNLINK, 0, 0, name, strlen(name));
    pthread_mutex_unlock(&turn);
    return result;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int dirfd, const char *path, mode_t mode) {
    pthread_mutex_lock(&turn);
    char whole[PATH_MAX];
    const char *name = below(dirfd, path, whole);
    int result = name && refused(NAMES) ? -1 : REAL(mkdirat)(dirfd, path, mode);
    if (!result && name) put(FOLDER, 0, 0, name, strlen(name));
    pthread_mutex_unlock(&turn);
    return result;
}

/* A disk that is full has no room left for whoever asks. */
int statvfs(const char *path, struct statvfs *found) {
    int result = REAL(statvfs)(path, found);
    if (!result && failing == ENOSPC && failures) found->f_bavail = found->f_bfree = 0;
    return result;
}
int statvfs64(const char *path, struct statvfs64 *found) ALIAS(statvfs);

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
