// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium
internal import Glibc

/// The memory of the whole process, outside of guarded allocations too.
package enum ProcessMemory {
    /// Keeps what is in memory from reaching a disk or another process of the same user: no core
    /// dumps, and no attaching debugger.
    ///
    /// Called once at the start of a program. Where the system refuses, the program goes on:
    /// ``SecretBytes`` is left out of dumps in any case.
    package static func refuseDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = resguardo_refuse_dumps()
    }
}
