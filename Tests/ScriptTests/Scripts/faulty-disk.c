// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

// A disk that fails, for one program: loaded before the C library, it counts what is done to files
// whose names have FAULT_FILE in them, and lets the FAULT_AT-th fail as FAULT_HOW says.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long count;

static int is_ours(int file) {
    char link[64], path[4096];
    const char *part = getenv("FAULT_FILE");
    char *digit = link + sizeof link - 1;
    *digit = 0;
    do *--digit = (char)('0' + file % 10); while ((file /= 10) > 0);
    digit -= strlen("/proc/self/fd/");
    memcpy(digit, "/proc/self/fd/", strlen("/proc/self/fd/"));
    ssize_t length = readlink(digit, path, sizeof path - 1);
    if (length < 0 || part == NULL) return 0;
    path[length] = 0;
    return strstr(path, part) != NULL;
}

// How this operation ends: 0 well, 1 badly, 2 half done and badly, 3 half done and the last one,
// 4 done and the last one.
static int fate(void) {
    const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
    if (at == NULL || how == NULL || ++count < atol(at)) return 0;
    if (count > atol(at) && strcmp(how, "dead") != 0) return 0;
    int mark = (int)syscall(SYS_openat, AT_FDCWD, getenv("FAULT_MARK"), O_CREAT | O_WRONLY, 0600);
    if (mark >= 0) close(mark);
    errno = strcmp(how, "full") == 0 ? ENOSPC : EIO;
    if (strcmp(how, "kill") == 0) kill(getpid(), SIGKILL);
    if (strcmp(how, "torn") == 0) return 3;
    if (strcmp(how, "after") == 0) return 4;
    return strcmp(how, "short") == 0 ? 2 : 1;
}

#define REAL(name, type) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, name)

typedef ssize_t (*writer)(int, const void *, size_t);
typedef ssize_t (*placed)(int, const void *, size_t, off_t);
typedef ssize_t (*reader)(int, void *, size_t, off_t);
typedef int (*one)(int);
typedef int (*two)(int, off_t);
typedef int (*named)(const char *);

ssize_t write(int file, const void *bytes, size_t size) {
    REAL("write", writer);
    int fate_ = is_ours(file) ? fate() : 0, error = errno;
    if (fate_ == 1) return -1;
    ssize_t done = real(file, bytes, fate_ == 2 || fate_ == 3 ? size / 2 : size);
    if (fate_ > 2) kill(getpid(), SIGKILL);
    if (fate_ == 2) return errno = error, -1;
    return done;
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t offset) {
    REAL("pwrite64", placed);
    int fate_ = is_ours(file) ? fate() : 0, error = errno;
    if (fate_ == 1) return -1;
    ssize_t done = real(file, bytes, fate_ == 2 || fate_ == 3 ? size / 2 : size, offset);
    if (fate_ > 2) kill(getpid(), SIGKILL);
    if (fate_ == 2) return errno = error, -1;
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
    return pwrite64(file, bytes, size, offset);
}

ssize_t pread64(int file, void *bytes, size_t size, off_t offset) {
    REAL("pread64", reader);
    if (is_ours(file) && fate()) return -1;
    return real(file, bytes, size, offset);
}

ssize_t pread(int file, void *bytes, size_t size, off_t offset) {
    return pread64(file, bytes, size, offset);
}

#define SYNC(name) \
    int name(int file) { \
        REAL(#name, one); \
        int fate_ = is_ours(file) ? fate() : 0; \
        if (fate_ && fate_ < 3) return -1; \
        int done = real(file); \
        if (fate_) kill(getpid(), SIGKILL); \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

int ftruncate64(int file, off_t size) {
    REAL("ftruncate64", two);
    int fate_ = is_ours(file) ? fate() : 0;
    if (fate_ && fate_ < 3) return -1;
    int done = real(file, size);
    if (fate_) kill(getpid(), SIGKILL);
    return done;
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int unlink(const char *path) {
    REAL("unlink", named);
    const char *part = getenv("FAULT_FILE");
    int fate_ = part && strstr(path, part) ? fate() : 0;
    if (fate_ && fate_ < 3) return -1;
    int done = real(path);
    if (fate_) kill(getpid(), SIGKILL);
    return done;
}
