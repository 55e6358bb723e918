// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// Draws `count` bytes from the system's random source.
package func randomBytes(_ count: Int) -> [UInt8] {
    precondition(count >= 0, "a count of bytes")
    Library.start()
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        if let address = buffer.baseAddress {
            unsafe randombytes_buf(address, count)
        }
        initializedCount = count
    }
}

/// Overwrites an array with zeros in a way that the optimizer keeps.
///
/// Only this copy is wiped; an array that was shared before the call left another one behind.
package func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { buffer in
        if let address = buffer.baseAddress {
            unsafe sodium_memzero(address, buffer.count)
        }
    }
    bytes.removeAll()
}

/// Compares two arrays in time that depends on their lengths only.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { a in
        unsafe right.withUnsafeBytes { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return true }
            return unsafe sodium_memcmp(a, b, left.count) == 0
        }
    }
}
