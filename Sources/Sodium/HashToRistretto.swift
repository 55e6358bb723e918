// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Hashing to ristretto255 (RFC 9380, appendix B) and to its scalars.
package enum HashToRistretto {
    /// Bytes in a block of SHA-512 (`s_in_bytes` of RFC 9380).
    private static let blockCount = 128
    /// The prefix of domains longer than 255 bytes (RFC 9380, section 5.3.3).
    private static let oversizePrefix = Array("H2C-OVERSIZE-DST-".utf8)

    /// `expand_message_xmd` with SHA-512.
    ///
    /// Spec: RFC 9380, section 5.3.1.
    ///
    /// - Parameters:
    ///   - message: The bytes to hash.
    ///   - domain: Domain separation tag (DST), at least one byte.
    ///   - count: Bytes of output, 1...65_535 and at most 255 blocks.
    /// - Returns: `count` uniform bytes.
    package static func expandMessage(
        _ message: [UInt8],
        domain: [UInt8],
        count: Int
    ) -> [UInt8] {
        precondition(!domain.isEmpty, "a domain separation tag is never empty")
        let ell = (count + SHA512.digestCount - 1) / SHA512.digestCount
        precondition(count >= 1 && ell <= 255, "expand_message_xmd gives 255 blocks at most")
        var tag = domain.count > 255 ? SHA512.hash(oversizePrefix + domain) : domain
        // DST_prime = DST ‖ I2OSP(len(DST), 1)
        tag.append(UInt8(tag.count))
        let length = [UInt8(count >> 8), UInt8(count & 0xff)]
        // b_0 = H(Z_pad ‖ msg ‖ l_i_b_str ‖ 0 ‖ DST_prime)
        let pad = [UInt8](repeating: 0, count: blockCount)
        let b0 = SHA512.hash(pad + message + length + [0] + tag)
        // b_1 = H(b_0 ‖ 1 ‖ DST_prime), b_i = H((b_0 xor b_(i-1)) ‖ i ‖ DST_prime)
        var block = SHA512.hash(b0 + [1] + tag)
        var output = block
        var index = 2
        while index <= ell {
            let mixed = zip(b0, block).map { $0 ^ $1 }
            block = SHA512.hash(mixed + [UInt8(index)] + tag)
            output += block
            index += 1
        }
        return Array(output.prefix(count))
    }
}

extension Element {
    /// `hash_to_ristretto255`.
    ///
    /// Spec: RFC 9380, appendix B.
    package init(hashing message: [UInt8], domain: [UInt8]) {
        let uniform = HashToRistretto.expandMessage(message, domain: domain, count: 64)
        do {
            try self.init(mapping: uniform)
        } catch {
            preconditionFailure("64 bytes were expanded")
        }
    }
}

extension Scalar {
    /// Hashes to a scalar: 64 expanded bytes, little endian, modulo L (RFC 9497, section 4.1).
    package init(hashing message: [UInt8], domain: [UInt8]) {
        let uniform = HashToRistretto.expandMessage(message, domain: domain, count: 64)
        do {
            try self.init(reducing: uniform)
        } catch {
            preconditionFailure("64 bytes were expanded")
        }
    }
}
