// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Outside
import Statements
import Switch
import TransparencyLog

/// What a node keeps for switches.
///
/// Spec: `docs/spec/node.md`, section 12.
extension NodeClient {
    private static let pageCountMax = 4 << 20
    private static let waitMilliseconds = 60_000

    /// Where a switch's statements stand in the node's log; none where it does not know it.
    func indices(_ capability: SwitchCapability) throws -> [UInt64] {
        let path = "/switches/\(Hex.encode(capability.bytes))"
        guard let body = try get(path, countMax: Self.pageCountMax) else { return [] }
        return try body.split(separator: 0x0a).map { line in
            guard let index = UInt64(String(decoding: line, as: UTF8.self)) else {
                throw garbage("/switches/…")
            }
            return index
        }
    }

    /// Statements with their proofs from an index on, as many as the node gives at a time.
    func texts(_ capability: SwitchCapability, from index: UInt64) throws -> [SwitchText] {
        let path = "/switches/\(Hex.encode(capability.bytes))/\(index)"
        guard let body = try get(path, countMax: Self.pageCountMax),
            let pages = TextPage.split(body)
        else { throw garbage("/switches/…") }
        return try pages.map { bytes in
            guard let text = SwitchText(parsing: bytes) else { throw garbage("/switches/…") }
            return text
        }
    }

    /// The escrow file with a digest, nil where the node does not have it.
    func escrow(_ digest: [UInt8], _ capability: SwitchCapability) throws -> EscrowFile? {
        let path = "/switches/\(Hex.encode(capability.bytes))/escrow/\(Hex.encode(digest))"
        let bytes = try get(path, countMax: EscrowFile.byteCountMax)
        return bytes.map { EscrowFile(bytes: $0) }
    }

    /// Hands in a statement, and waits for its proof.
    func put(
        _ envelope: Envelope,
        escrow: EscrowFile?,
        _ capability: SwitchCapability
    ) throws -> SwitchText {
        var body = envelope.bytes + [0x0a]
        if let escrow { body += Array(Base64.encode(escrow.bytes).utf8) + [0x0a] }
        let response = try send(
            .init(
                url: url + "/switches/\(Hex.encode(capability.bytes))",
                body: body,
                countMax: SwitchText.byteCountMax,
                timeoutMilliseconds: Self.waitMilliseconds
            )
        )
        guard response.status == 200 else { throw refused(response) }
        guard let text = SwitchText(parsing: response.body), text.envelope == envelope else {
            throw garbage("/switches/…")
        }
        return text
    }

    /// The heartbeats of a log from an index on, newest last.
    func heartbeats(of log: String, from index: UInt64) throws -> [(UInt64, SignedNote)] {
        guard let body = try get("/\(log)/heartbeats/\(index)", countMax: Self.pageCountMax)
        else { return [] }
        guard let pages = TextPage.split(body), pages.count.isMultiple(of: 2) else {
            throw garbage("/\(log)/heartbeats")
        }
        return try stride(from: 0, to: pages.count, by: 2).map { place in
            guard let index = UInt64(String(decoding: pages[place], as: UTF8.self)),
                let note = try? SignedNote(parsing: pages[place + 1])
            else { throw garbage("/\(log)/heartbeats") }
            return (index, note)
        }
    }
}
