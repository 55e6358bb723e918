// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import Sodium
import Statements

/// What is carried to a machine without a network, to be signed there.
///
/// Spec: `docs/spec/registry.md`, section 3.17.
struct RegistryRequest {
    /// Most statements in one request.
    static let countMax = 1000
    /// The largest file, in bytes.
    static let byteCountMax = 16 << 20
    private static let type = "registry-request"
    private static let version: Int64 = 2

    /// Statements, with the signatures that they have.
    struct Item {
        let payload: [UInt8]
        let payloadType: String

        init(_ envelope: Envelope) {
            payload = envelope.payload
            payloadType = envelope.payloadType
        }

        fileprivate init?(_ value: JSONValue) {
            guard let members = value.object, members.count == 2,
                let payload = value["payload"]?.string.flatMap({ try? Base64.decode($0) }),
                let payloadType = value["payloadType"]?.string
            else { return nil }
            (self.payload, self.payloadType) = (payload, payloadType)
        }

        /// The statement without signatures.
        func envelope() throws(StatementError) -> Envelope {
            try Envelope(unsigned: payload, payloadType: payloadType)
        }

        var digest: RegistryID { RegistryID(SHA256.hash(payload)) }
    }

    /// What to sign; accounts behind proofs of control are not in it: a stick can be lost.
    let items: [Item]

    init(_ envelopes: [Envelope]) {
        items = envelopes.map { Item($0) }
    }

    /// Reads a request; `nil` for anything else.
    init?(parsing bytes: [UInt8]) {
        let text = bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
        // What is wrong with it does not matter: it is made again.
        guard bytes.count <= Self.byteCountMax, let value = try? JSONValue(canonical: text),
            let members = value.object, members.count == 3,
            value["type"]?.string == Self.type, value["v"]?.integer == Self.version,
            let statements = value["statements"]?.array,
            (1...Self.countMax).contains(statements.count)
        else { return nil }
        items = statements.compactMap { Item($0) }
        guard items.count == statements.count else { return nil }
    }

    var bytes: [UInt8] {
        let value: JSONValue = [
            "statements": .array(
                items.map {
                    [
                        "payload": .string(Base64.encode($0.payload)),
                        "payloadType": .string($0.payloadType),
                    ]
                }
            ),
            "type": .string(Self.type),
            "v": .integer(Self.version),
        ]
        return value.canonicalBytes + [UInt8(ascii: "\n")]
    }
}

/// What is carried back: signatures, and nothing else.
struct RegistrySignatures {
    /// Most signatures in one file.
    static let countMax = 32 * RegistryRequest.countMax
    private static let type = "registry-signatures"

    /// A signature under a statement.
    struct Item {
        /// Digest of the statement.
        let statement: RegistryID
        /// Who signed.
        let key: RegistryKey
        /// 64 bytes.
        let bytes: [UInt8]
    }

    private(set) var items: [Item] = []

    init() {}

    /// Takes the signatures of an envelope by these keys.
    mutating func add(_ envelope: Envelope, by keys: [RegistryKey]) {
        let statement = RegistryID(SHA256.hash(envelope.payload))
        for key in keys {
            guard let found = envelope.signatures.first(where: { $0.keyID == key.id.hex }) else {
                continue
            }
            items.append(Item(statement: statement, key: key, bytes: found.bytes))
        }
    }

    /// Reads a file; `nil` for anything else.
    init?(parsing bytes: [UInt8]) {
        let text = bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
        // What is wrong with it does not matter: it is made again.
        guard bytes.count <= RegistryRequest.byteCountMax,
            let value = try? JSONValue(canonical: text),
            let members = value.object, members.count == 3,
            value["type"]?.string == Self.type, value["v"]?.integer == 1,
            let list = value["signatures"]?.array, (1...Self.countMax).contains(list.count)
        else { return nil }
        for element in list {
            guard element.object?.count == 3,
                let statement = element["statement"]?.string.flatMap({ RegistryID(hex: $0) }),
                let key = element["key"]?.string.flatMap({ RegistryID(hex: $0) }),
                let bytes = element["sig"]?.string.flatMap({ try? Base64.decode($0) }),
                bytes.count == 64
            else { return nil }
            items.append(
                Item(statement: statement, key: RegistryKey(bytes: key.bytes), bytes: bytes)
            )
        }
    }

    var bytes: [UInt8] {
        let value: JSONValue = [
            "signatures": .array(
                items.map {
                    [
                        "key": .string(Hex.encode($0.key.key.bytes)),
                        "sig": .string(Base64.encode($0.bytes)),
                        "statement": .string($0.statement.hex),
                    ]
                }
            ),
            "type": .string(Self.type),
            "v": 1,
        ]
        return value.canonicalBytes + [UInt8(ascii: "\n")]
    }

    /// The envelope of a statement with its signatures of this file.
    ///
    /// - Returns: `nil` when there are none.
    /// - Throws: `.doesNotVerify` for a signature that is none.
    func envelope(_ item: RegistryRequest.Item) throws -> Envelope? {
        let own = items.filter { $0.statement == item.digest }
        guard !own.isEmpty else { return nil }
        let value: JSONValue = [
            "payload": .string(Base64.encode(item.payload)),
            "payloadType": .string(item.payloadType),
            "signatures": .array(
                own.sorted { $0.key.id < $1.key.id }.map {
                    ["keyid": .string($0.key.id.hex), "sig": .string(Base64.encode($0.bytes))]
                }
            ),
        ]
        // Two by one key are no list of signatures.
        guard let envelope = try? Envelope(canonical: value.canonicalBytes),
            own.allSatisfy({ envelope.isSigned(by: $0.key.key) })
        else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "a signature of statement \(item.digest.hex.prefix(12)) does not verify",
                    es: "una firma de la declaración \(item.digest.hex.prefix(12)) no es válida"
                )
            )
        }
        return envelope
    }
}
