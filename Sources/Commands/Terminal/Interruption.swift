// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Ends the process in good order when a person presses Ctrl-C or the system asks for it.
///
/// What is stored is consistent at every moment, so that ending is always safe; all there is to do
/// is to turn the terminal's echo back on, take away half-written temporary files, and go. The
/// handler itself only writes one byte to a pipe, which is all that a signal handler may safely do;
/// a thread that waits on the other end does the rest.
package enum Interruption {
    /// What is to be removed if the process is ended now.
    private static let temporaryFiles = Mutex<Set<String>>([])

    /// The pipe from the signal handler to the thread: read end, write end.
    private static let pipe: (read: Int32, write: Int32) = {
        var ends: [Int32] = [-1, -1]
        _ = unsafe Glibc.pipe(&ends)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }()

    /// Starts to listen for SIGINT, SIGTERM and SIGHUP.
    ///
    /// Called once, by the program's start.
    package static func install() {
        guard pipe.read >= 0 else { return }
        var thread = pthread_t()
        let failed = unsafe pthread_create(
            &thread,
            nil,
            { _ in
                Interruption.waitForSignal()
                return nil
            },
            nil
        )
        guard failed == 0 else { return }
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var previous = sigaction()
            _ = unsafe sigaction(number, nil, &previous)
            // A parent that ignores a signal (nohup, a shell's background job) means it.
            let ignored = unsafe unsafeBitCast(
                previous.__sigaction_handler.sa_handler,
                to: Int.self
            )
            guard ignored == 0 else { continue }
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = unsafe write(Interruption.pipe.write, &byte, 1)
            }
            // The second one ends the process at once, whatever the first one is waiting for.
            action.sa_flags = SA_RESTART | Int32(bitPattern: UInt32(SA_RESETHAND))
            _ = unsafe sigaction(number, &action, nil)
            // A parent may have started us from a thread that blocks signals; nobody means that.
            var mask = sigset_t()
            unsafe sigemptyset(&mask)
            unsafe sigaddset(&mask, number)
            unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        }
    }

    /// Removes `path` if the process is ended while `body` runs.
    package static func removing<R>(_ path: String, while body: () throws -> R) rethrows -> R {
        temporaryFiles.withLock { _ = $0.insert(path) }
        defer { temporaryFiles.withLock { _ = $0.remove(path) } }
        return try body()
    }

    private static func waitForSignal() {
        var byte: UInt8 = 0
        while unsafe read(pipe.read, &byte, 1) != 1 {
            guard errno == EINTR else { return }
        }
        PassphrasePrompt.restoreEcho()
        temporaryFiles.withLock { for path in $0 { unsafe unlink(path) } }
        if Terminal.isTerminal(.error) { Terminal.write("\n", to: .error) }
        // Ends as the signal would have ended it, so that a calling shell sees which it was.
        let number = Int32(byte)
        _ = signal(number, SIG_DFL)
        kill(getpid(), number)
    }
}
