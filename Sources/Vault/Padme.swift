// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Padmé: sizes rounded up so that only their magnitude shows.
///
/// A size keeps as many leading bits as its exponent has bits, so an object of `L` bytes gives away
/// O(log log L) bits and grows by at most 12 %.
///
/// Spec: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
/// PURBs" (PoPETS 2019), section 4.
package enum Padme {
    /// The size to which `size` is padded.
    ///
    /// - Parameter size: 0...2^62.
    /// - Returns: `size` or more; a multiple of 512 if `size` is one.
    package static func paddedSize(_ size: UInt64) -> UInt64 {
        precondition(size <= 1 << 62, "a size that can be rounded up")
        guard size >= 2 else { return size }
        // E = ⌊log2 L⌋, S = ⌊log2 E⌋ + 1: exponent, and bits of its representation.
        let exponent = 63 - size.leadingZeroBitCount
        let keptBits = 64 - UInt64(exponent).leadingZeroBitCount
        let clearedBits = exponent - keptBits
        guard clearedBits > 0 else { return size }
        let mask = (UInt64(1) << UInt64(clearedBits)) - 1
        return (size + mask) & ~mask
    }
}
